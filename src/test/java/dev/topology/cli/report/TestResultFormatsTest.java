package dev.topology.cli.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.terminal.Palette;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.TerminalTraits;
import dev.topology.console.GuestText;
import dev.topology.language.load.TopologyBuilder;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.source.Location;
import dev.topology.source.SourceText;
import dev.topology.suite.TestFile;
import dev.topology.suite.TestJob;
import dev.topology.suite.TestResult;
import dev.topology.suite.TestResult.Failed;
import dev.topology.suite.TestResult.Finding;
import dev.topology.suite.TestResult.Outcome;
import dev.topology.suite.TestResult.Passed;
import dev.topology.suite.TestResult.Stopped;
import dev.topology.testing.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Results in the formats of other programs, read by parsers that are not ours. */
class TestResultFormatsTest {

  private static final String NAME = "a \"b\" 'c' <d> & ]]> #e \\f \u202e";

  private static final TerminalTraits PLAIN =
      TerminalTraits.of(Map.of(), Palette.ColorChoice.NEVER, false, false);

  private static final Terminal TERMINAL =
      new Terminal(PLAIN, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());

  private static final Location PLACE =
      Location.startOf(new SourceText("a \"b\".yaml", "nodes: {}\n"));

  private static final Failed FAILED =
      new Failed(
          PLACE,
          "status 1,\nnot 0 \033[31m]]>",
          List.of(
              new Finding(
                  "its output",
                  GuestText.lines("\033]0;title\007<one> & \"two\"\n]]> \u0001\uFFFE\n").lines())));

  private final TestReport report = new TestReport(TERMINAL.palette(), false, 1);

  @Test
  void xmlIsWellFormedWhateverIsInIt() throws Exception {
    String text = new JunitXml(List.of(result(FAILED), result(new Stopped())), report).text();

    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(text.getBytes(UTF_8)));

    Element test = (Element) xml.getElementsByTagName("testcase").item(0);
    assertThat(test.getAttribute("name")).isEqualTo("a \"b\" 'c' <d> & ]]> #e \\f \\u202E");
    Element failure = (Element) test.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("status 1, not 0 ]]>");
    assertThat(failure.getTextContent()).contains("<one> & \"two\"", "]]> ").doesNotContain("\033");
    assertThat(xml.getElementsByTagName("skipped").getLength()).isEqualTo(1);
  }

  @Test
  void tapIsReadByPerl() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/bin/prove"))) {
      Unavailable.because("no prove(1): it comes with perl");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Tap tap = new Tap(new Terminal(PLAIN, out, out), report);
    List.of(result(new Passed()), result(FAILED), result(new Stopped())).forEach(tap::write);
    tap.end();

    Process perl =
        new ProcessBuilder(
                "perl",
                "-MTAP::Parser",
                "-e",
                "my $p = TAP::Parser->new({tap => do {local $/; <STDIN>}});"
                    + " while (my $r = $p->next) {"
                    + " print $r->type, '|', ($r->is_test ? $r->description : ''), qq{\\n} };"
                    + " print 'passed ', scalar $p->passed, ' failed ', scalar $p->failed,"
                    + " ' skipped ', scalar $p->skipped, ' errors ', scalar $p->parse_errors;")
            .redirectErrorStream(true)
            .start();
    perl.getOutputStream().write(out.toByteArray());
    perl.getOutputStream().close();
    String read = new String(perl.getInputStream().readAllBytes(), UTF_8);

    assertThat(read)
        .contains("test|- a \"b\" 'c' <d> & ]]> \\#e \\\\f \\\\u202E")
        .contains("yaml|")
        .endsWith("passed 2 failed 1 skipped 1 errors 0");
  }

  @Test
  void annotationIsOneLine() {
    String text = report.annotation(result(FAILED), FAILED);

    assertThat(text)
        .startsWith("::error file=a \"b\".yaml,line=1")
        .contains("%0A")
        .doesNotContain("\n");
  }

  private static TestResult result(Outcome outcome) {
    Topology topology =
        TopologyBuilder.named("lab").node("left").test("one", test -> test.stop("left")).build();
    var named = new dev.topology.model.TestCase(NAME, PLACE, topology.tests().get(0).steps());
    HostFacts nothing =
        new HostFacts(Map.of(), SharingVerdict.UNASKED, Map.of(), Set.of(), Map.of());
    TestFile file =
        new TestFile(
            Path.of("a \"b\".yaml"),
            new Preparation(topology, nothing, new PlanOptions(Path.of("/run/lab")), List.of()));
    return new TestResult(
        new TestJob(file, named, 1), "lab-test-1", Duration.ofMillis(1234), outcome);
  }
}
