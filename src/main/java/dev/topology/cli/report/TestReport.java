package dev.topology.cli.report;

import dev.topology.cli.report.ValidationText.DiagnosticColors;
import dev.topology.cli.terminal.Palette;
import dev.topology.source.DiagnosticId.Severity;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.Quote;
import dev.topology.suite.TestJob;
import dev.topology.suite.TestResult;
import dev.topology.suite.TestResult.Failed;
import dev.topology.suite.TestResult.Passed;
import dev.topology.suite.TestResult.Stopped;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is told of tests, in words:
 *
 * <pre>
 * ok    the server answers   4.1 s
 * FAIL  traffic takes the other way   12 s
 *
 * lab.yaml:14:24: "ping -c 1 server" on client ended with status 1, not 0
 *   14 |       - {node: client, run: ping -c 1 server}
 *      |                        ^^^^^^^^^^^^^^^^^^^^^
 *   its output
 *     1 packets transmitted, 0 received, 100% packet loss
 *
 * 2 tests: 1 passed, 1 failed; 16 s
 * </pre>
 *
 * @param palette colours of where it is shown
 * @param showsFile whether a test is told together with its file
 * @param attempts how often each is run; 0 for no end
 */
public record TestReport(Palette palette, boolean showsFile, int attempts) {

  /** What a test is called: its name, its file and its attempt where there are several. */
  public String name(TestJob job) {
    String file = showsFile ? job.file().file() + ": " : "";
    String attempt =
        attempts == 1 ? "" : " (" + job.attempt() + (attempts == 0 ? ")" : " of " + attempts + ")");
    return Quote.printable(file + job.test().name() + attempt);
  }

  /** One line about a test that is over. */
  String line(TestResult result) {
    String time = palette.faint("   " + HumanText.duration(result.time()));
    String name = name(result.job());
    if (result.outcome() instanceof Passed) {
      return palette.success("ok") + "    " + name + time;
    }
    return result.isFailure()
        ? palette.error("FAIL") + "  " + palette.strong(name) + time
        : palette.warning("stop") + "  " + name + time;
  }

  /** All there is about a failure, without an end of line. */
  String failure(Failed failed) {
    DiagnosticRenderer renderer = new DiagnosticRenderer(new DiagnosticColors(palette));
    String head = palette.strong(failed.place() + ":") + " " + failed.message();
    String body = renderer.excerpt(failed.place()) + failed.explanation();
    return body.isEmpty() ? head : head + "\n" + body.stripTrailing();
  }

  /** A failure as a command to GitHub's runner. */
  String annotation(TestResult result, Failed failed) {
    String text = failed.message() + "\n" + failed.explanation();
    return GithubAnnotations.command(
        Severity.ERROR, failed.place(), name(result.job()), text.stripTrailing());
  }

  /** How many of each kind there were, and how long all took. */
  public static String summary(List<TestResult> results, Duration time) {
    long passed = results.stream().filter(it -> it.outcome() instanceof Passed).count();
    long failed = results.stream().filter(TestResult::isFailure).count();
    long stopped = results.stream().filter(it -> it.outcome() instanceof Stopped).count();
    List<String> parts = new ArrayList<>(List.of(passed + " passed"));
    if (failed > 0) {
      parts.add(failed + " failed");
    }
    if (stopped > 0) {
      parts.add(stopped + " stopped");
    }
    return HumanText.count(results.size(), "test")
        + ": "
        + String.join(", ", parts)
        + "; "
        + HumanText.duration(time);
  }
}
