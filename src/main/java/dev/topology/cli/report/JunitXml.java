package dev.topology.cli.report;

import dev.topology.suite.TestFile;
import dev.topology.suite.TestResult;
import dev.topology.suite.TestResult.Failed;
import dev.topology.suite.TestResult.Stopped;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Results as JUnit's XML, in the form that CI systems read: a {@code testsuite} for each file, a
 * {@code testcase} for each run of a test, the places as {@code file} and {@code line}.
 */
public record JunitXml(List<TestResult> results, TestReport report) {

  private static final int DECIMALS = 3;

  public JunitXml {
    results = List.copyOf(results);
  }

  /** The whole document; ends in a line end. */
  public String text() {
    Map<TestFile, List<TestResult>> files =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    it -> it.job().file(), LinkedHashMap::new, Collectors.toList()));
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"
        + counts(results)
        + ">\n"
        + files.entrySet().stream()
            .map(it -> suite(it.getKey(), it.getValue()))
            .collect(Collectors.joining())
        + "</testsuites>\n";
  }

  private String suite(TestFile file, List<TestResult> of) {
    return "  <testsuite"
        + attribute("name", file.topology().name())
        + attribute("file", file.file().toString())
        + counts(of)
        + ">\n"
        + of.stream().map(this::testCase).collect(Collectors.joining())
        + "  </testsuite>\n";
  }

  private static String counts(List<TestResult> of) {
    Duration time = of.stream().map(TestResult::time).reduce(Duration.ZERO, Duration::plus);
    return attribute("tests", "" + of.size())
        + attribute("failures", "" + of.stream().filter(TestResult::isFailure).count())
        + attribute("errors", "0")
        + attribute(
            "skipped", "" + of.stream().filter(it -> it.outcome() instanceof Stopped).count())
        + attribute("time", seconds(time));
  }

  private String testCase(TestResult result) {
    TestReport named = new TestReport(report.palette(), false, report.attempts());
    String head =
        "    <testcase"
            + attribute("classname", result.job().file().topology().name())
            + attribute("name", named.name(result.job()))
            + attribute("file", result.job().file().file().toString())
            + attribute("line", "" + result.job().test().location().start().line())
            + attribute("time", seconds(result.time()));
    if (result.outcome() instanceof Failed failed) {
      return head
          + ">\n      <failure"
          + attribute("message", failed.message())
          + attribute("type", "failed")
          + ">"
          + escaped(failed.describe())
          + "</failure>\n    </testcase>\n";
    }
    return result.outcome() instanceof Stopped
        ? head + ">\n      <skipped message=\"stopped\"/>\n    </testcase>\n"
        : head + "/>\n";
  }

  private static String seconds(Duration time) {
    return BigDecimal.valueOf(time.toMillis(), DECIMALS).toPlainString();
  }

  private static String attribute(String name, String value) {
    return " " + name + "=\"" + escaped(value).replace("\n", "&#10;") + '"';
  }

  /** Characters that XML 1.0 cannot hold (section 2.2) become U+FFFD. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            it -> {
              switch (it) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isCharacter(it) ? it : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  private static boolean isCharacter(int it) {
    return it == '\t'
        || it == '\n'
        || (it >= 0x20 && it <= 0xD7FF)
        || (it >= 0xE000 && it <= 0xFFFD)
        || it >= 0x10000;
  }
}
