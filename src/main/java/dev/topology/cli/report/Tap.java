package dev.topology.cli.report;

import dev.topology.cli.report.TestDisplay.ResultWriter;
import dev.topology.cli.terminal.Terminal;
import dev.topology.suite.TestResult;
import dev.topology.suite.TestResult.Failed;
import dev.topology.suite.TestResult.Passed;
import java.util.stream.Collectors;

/**
 * Results as the Test Anything Protocol, version 13: a line for each as it ends, the plan last.
 * What is known of a failure follows its line as YAML, in which each value is a text of JSON.
 */
public final class Tap implements ResultWriter {

  private final Terminal terminal;
  private final TestReport report;
  private int count;

  public Tap(Terminal terminal, TestReport report) {
    this.terminal = terminal;
    this.report = report;
    terminal.print("TAP version 13");
  }

  @Override
  public synchronized boolean write(TestResult result) {
    count++;
    String ok = result.isFailure() ? "not ok " : "ok ";
    String name = escaped(report.name(result.job()));
    String line = ok + count + " - " + name;
    if (result.outcome() instanceof Failed failed) {
      terminal.print(line + "\n" + details(failed, result));
    } else {
      terminal.print(result.outcome() instanceof Passed ? line : line + " # SKIP stopped");
    }
    return true;
  }

  /** Writes how many there were, which ends it. */
  public void end() {
    terminal.print("1.." + count);
  }

  private static String details(Failed failed, TestResult result) {
    String findings =
        failed.findings().stream()
            .map(
                it ->
                    "  " + quoted(it.title()) + ": " + quoted(String.join("\n", it.lines())) + "\n")
            .collect(Collectors.joining());
    return "  ---\n  message: "
        + quoted(failed.message())
        + "\n  at: "
        + quoted(failed.place().toString())
        + "\n  duration_ms: "
        + result.time().toMillis()
        + "\n"
        + findings
        + "  ...";
  }

  /** A "#" would begin a directive. */
  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("#", "\\#");
  }

  /** A text of JSON is one of YAML as well. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            it -> {
              switch (it) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(it < ' ' || it == 0x7F ? ' ' : (char) it);
              }
            });
    return quoted.append('"').toString();
  }
}
