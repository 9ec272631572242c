package dev.topology.suite;

import dev.topology.console.GuestText;
import dev.topology.source.Location;
import java.time.Duration;
import java.util.List;

/**
 * What came of a test.
 *
 * @param job which one
 * @param network the name of the network that it had; empty if none was started
 * @param time from the start of its network to the end of its last step
 * @param outcome how it went
 */
public record TestResult(TestJob job, String network, Duration time, Outcome outcome) {

  /** Whether it failed. */
  public boolean isFailure() {
    return outcome instanceof Failed;
  }

  /** How a test went. */
  public sealed interface Outcome {}

  /** Every step succeeded. */
  public record Passed() implements Outcome {}

  /** It was broken off, because somebody asked for it. */
  public record Stopped() implements Outcome {}

  /**
   * A step failed, or its network did.
   *
   * @param place of the step that failed, or was next; of the test's name where none had begun
   * @param message one line without a full stop
   * @param findings what helps to understand it
   */
  public record Failed(Location place, String message, List<Finding> findings) implements Outcome {

    public Failed {
      message = GuestText.line(message).toString();
      findings = List.copyOf(findings);
    }

    /** All of it, in several lines, for a log or the message of an exception. */
    public String describe() {
      return (place + ": " + message + "\n" + explanation()).stripTrailing();
    }

    /** The findings, each under its title; ends in a line end if there are any. */
    public String explanation() {
      StringBuilder text = new StringBuilder();
      for (Finding finding : findings) {
        text.append("  ").append(finding.title()).append('\n');
        finding.lines().forEach(line -> text.append("    ").append(line).append('\n'));
      }
      return text.toString();
    }
  }

  /**
   * Something to be read about a failure.
   *
   * @param title a few words
   * @param lines what follows them, fit to be shown
   */
  public record Finding(String title, List<String> lines) {

    public Finding {
      lines = List.copyOf(lines);
    }

    static Finding of(String title, String text) {
      return new Finding(title, GuestText.lines(text).lines());
    }
  }
}
