package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code topology test}, with real guests where it says nothing else. */
@Timeout(600)
@ResourceLock("signals")
class TestVerbTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String LAB =
      """
      name: lab
      defaults: {memory: 128MiB}
      nodes: {left: {}, right: {}}
      cables:
        - {name: uplink, ends: [left, right], shaped: true}
      tests:
        - name: every kind of step
          steps:
            - {node: left, run: ping -c 1 -W 5 right, expect: '^1 packets .* 1 (packets )?received'}
            - {cut: left-right}
            - {node: left, run: [ping, -c, "1", -W, "1", right], status: 1}
            - {join: uplink}
            - {capture: uplink, file: uplink.pcap}
            - {shape: uplink, delay: 1ms, loss: 0%}
            - {node: left, run: ping -c 1 -W 1 right, within: 60s}
            - {console: left, send: echo $((6 * 7)), expect: ^42$}
            - {pause: right}
            - {resume: right}
            - {wait: 1ms}
            - {stop: right}
            - {start: right}
            - {restart: left}
            - {node: left, run: "true"}
        - name: fails in the middle
          steps:
            - {node: left, run: echo so; echo '<&>' >&2; exit 3}
            - {join: uplink}
        - name: never ends
          steps:
            - {node: left, run: sleep 1d, within: 2s}
        - name: waits for what is never said
          steps:
            - {console: left, expect: never said, within: 1s}
        - name: a node dies
          steps:
            - {node: right, run: echo c > /proc/sysrq-trigger}
      """;

  /** Forever, as far as a test is concerned: its nodes are never ready. */
  private static final String ENDLESS =
      """
      name: endless
      nodes: {a: {ready: {port: 22, within: 1h}}}
      tests: [{name: one, steps: [{wait: 1s}]}, {name: two, steps: [{wait: 1s}]}]
      """;

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void tellsEachTestAndWhyItFailed() throws Exception {
    place.withImagesOfHost().with("GITHUB_ACTIONS", "true");
    String lab = place.file("lab.yaml", LAB);
    Path xml = directory.resolve("results.xml");

    ProgramRun run = place.run("test", lab, "--jobs", "2", "--junit-xml", xml.toString());

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCode.TEST_FAILED);
    assertThat(run.out())
        .contains("ok    every kind of step   ", "FAIL  fails in the middle   ")
        .contains(
            lab
                + ":26:22: \"echo so; echo '<&>' >&2; exit 3\" on left ended with status 3, not 0\n"
                + "  26 |       - {node: left, run: echo so;",
            "  its output\n    so\n    <&>\n")
        .contains("\"sleep 1d\" on left had not ended after", "attempts in 2 s")
        .contains("the console of left did not say it within 1 s")
        .contains("right failed: its kernel panicked", "Kernel panic - not syncing: sysrq")
        .contains("5 tests: 1 passed, 4 failed; ");
    assertThat(run.err())
        .contains("::error file=" + lab + ",line=26,col=22,")
        .contains(",title=fails in the middle::");
    assertThat(directory.resolve("uplink.pcap")).isNotEmptyFile();
    assertThat(names(directory.resolve("run/topology"))).isEmpty();
    assertXml(xml);
  }

  private static void assertXml(Path file) throws Exception {
    Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("5");
    assertThat(suite.getAttribute("failures")).isEqualTo("4");
    assertThat(xml.getElementsByTagName("testcase").getLength()).isEqualTo(5);
  }

  @Test
  void twoRunsOfAFileDoNotDisturbEachOther() throws Exception {
    place.withImagesOfHost();
    String file =
        place.file(
            "pair.yaml",
            """
            defaults: {memory: 128MiB}
            nodes: {left: {}, right: {}}
            cables: [[left, right]]
            tests: [{name: ping, steps: [{node: left, run: ping -c 1 -W 5 right, within: 60s}]}]
            """);

    Path out = directory.resolve("other.out");
    Process other =
        place.program(List.of(), "test", file, "--tap").redirectOutput(out.toFile()).start();
    ProgramRun run = place.run("test", file, "--repeat", "2");

    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).contains("ok    ping (1 of 2)", "ok    ping (2 of 2)", "2 passed");
    assertThat(other.waitFor()).as(Files.readString(out)).isZero();
    assertThat(Files.readString(out)).contains("TAP version 13\n", "ok 1 - ping\n", "1..1\n");
  }

  @Test
  void keepsTheNetworkOfATestThatFails() throws Exception {
    place.withImagesOfHost();
    String file =
        place.file(
            "kept.yaml",
            """
            nodes: {left: {memory: 128MiB}}
            tests: [{name: wrong, steps: [{node: left, run: "touch /was-here; false"}]}]
            """);
    Path out = directory.resolve("out");

    Process test =
        place.program(List.of(), "test", file, "--keep").redirectOutput(out.toFile()).start();
    await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(out).contains("topology console --instance"));
    ProgramRun look = place.run("exec", "--instance", "kept-test-1", "left", "ls", "/was-here");
    ProgramRun down = place.run("down", "kept-test-1");

    assertThat(look.out()).as(look.err()).isEqualTo("/was-here\n");
    assertThat(down.code()).as(down.err()).isEqualTo(ExitCode.DONE);
    assertThat(test.waitFor()).as(Files.readString(out)).isEqualTo(1);
    assertThat(names(directory.resolve("run/topology"))).isEmpty();
  }

  /** With guests that do nothing. */
  @Test
  void aSignalEndsAllNetworks() throws Exception {
    place.withImage().withQemuThatWaits();
    Process test = begin("test", place.file("endless.yaml", ENDLESS), "--jobs", "2");

    new ProcessBuilder("sh", "-c", "kill -INT " + test.pid()).start().waitFor();

    assertThat(test.waitFor()).isEqualTo(130);
    assertThat(place.processes()).noneMatch(Place::isAlive);
    assertThat(names(directory.resolve("run/topology"))).isEmpty();
  }

  /** With guests that do nothing. */
  @Test
  void killedItLeavesNoGuestBehind() throws Exception {
    place.withImage().withQemuThatWaits();
    Process test = begin("test", place.file("endless.yaml", ENDLESS), "--jobs", "2");

    test.destroyForcibly().waitFor();

    List<Long> guests = place.processes();
    await().atMost(PATIENCE).until(() -> guests.stream().noneMatch(Place::isAlive));
  }

  /** Until two networks have their QEMUs. */
  private Process begin(String... arguments) throws IOException {
    Process process =
        place
            .program(List.of(), arguments)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    await().atMost(PATIENCE).until(() -> place.processes().size() >= 2);
    return process;
  }

  @Test
  void testsThatNeedTheSamePortRunOneAfterTheOther() throws Exception {
    place.withImage().withQemuThat("exit 1");
    String file =
        place.file(
            "ports.yaml",
            """
            nodes: {a: {ports: {22: 18022}}}
            tests: [{name: one, steps: [{wait: 1s}]}, {name: two, steps: [{wait: 1s}]}]
            """);

    ProgramRun run = place.run("test", file, "--jobs", "2", "--boot");

    assertThat(run.code()).isEqualTo(ExitCode.TEST_FAILED);
    assertThat(run.out()).contains("2 tests: 0 passed, 2 failed").doesNotContain("18022");
  }

  @Test
  void beginsNothingAfterAFailure() throws Exception {
    place.withImage().withQemuThat("exit 1");

    ProgramRun run =
        place.run(
            "test", place.file("endless.yaml", ENDLESS), "--until-failure", "--jobs=1", "--boot");

    assertThat(run.code()).isEqualTo(ExitCode.TEST_FAILED);
    assertThat(run.out()).contains("FAIL  one (1)").contains("1 test: 0 passed, 1 failed");
  }

  @Test
  void refusesWhatItCannotRun() throws Exception {
    place.withImage().withQemuThat("exit 1");
    String none = place.file("none.yaml", "nodes: {a: {}}");
    String wrong =
        place.file(
            "wrong.yaml", "nodes: {left: {}}\ntests: [{name: one, steps: [{stop: lfet}]}]\n");
    String good = place.file("endless.yaml", ENDLESS);

    assertUsage(place.run("test", none), "there are no tests in " + none);
    assertUsage(place.run("test", good, wrong), "wrong.yaml:2:36: error[unknown-node]");
    assertUsage(place.run("test", good, "--only", "won"), "no test is called \"won\"");
    assertUsage(place.run("test", good, "--jobs", "0"), "--jobs is 1 or more, not 0");
    assertUsage(place.run("test", good, "--repeat", "-1"), "--repeat is 1 or more, not -1");
    assertUsage(place.run("test", good, "--junit-xml", "/none/x.xml"), "cannot write /none/x.xml");
  }

  private static void assertUsage(ProgramRun run, String message) {
    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.err()).contains(message);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(it -> it.getFileName().toString()).toList();
    }
  }
}
