package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.plan.OptionLines;
import dev.topology.run.node.FailureCause;
import dev.topology.text.HumanText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The first failure of a run, with what is needed to understand it.
 *
 * @param node the name of the node that failed
 * @param cause what happened
 * @param after since the node's guest ran, or since its QEMU was spawned where it never did
 * @param consoleTail the last lines of its console, oldest first; those around a panic, if it
 *     printed one
 * @param kernelTail likewise, what its kernel said that is not on its console: before it had one,
 *     or where its log is kept apart
 * @param stderr what its QEMU wrote to standard error and output; may be empty
 * @param consoleLog all of its console; absolute
 * @param commandLine the QEMU program and its exact arguments
 */
public record FailureReport(
    String node,
    FailureCause cause,
    Duration after,
    List<String> consoleTail,
    List<String> kernelTail,
    GuestText stderr,
    Path consoleLog,
    List<String> commandLine) {

  public FailureReport {
    consoleTail = List.copyOf(consoleTail);
    kernelTail = List.copyOf(kernelTail);
    commandLine = List.copyOf(commandLine);
  }

  /** What failed and why, in one sentence with its time, without a full stop. */
  public String headline() {
    boolean tellsTheTime =
        cause instanceof FailureCause.CouldNotStart || cause instanceof FailureCause.NotReadyInTime;
    String when = tellsTheTime ? "" : " after " + HumanText.duration(after);
    return node + " failed: " + cause.describe() + when;
  }

  /**
   * All that helps to understand it, in several lines, for a log or the message of an exception:
   * what failed and why, the ends of its console and of its kernel log, what its QEMU said, and its
   * command line as a shell takes it. Without an end of line.
   */
  public String describe() {
    StringBuilder text = new StringBuilder(headline());
    cause.remedy().ifPresent(remedy -> text.append("\n  ").append(remedy));
    String all = " (all of it: " + consoleLog + ")";
    paragraph(text, "the end of its console" + all, consoleTail);
    paragraph(text, "what its kernel said", kernelTail);
    if (!cause.describe().contains(stderr.toString())) {
      paragraph(text, "what its QEMU said", stderr.lines());
    }
    paragraph(text, "its command line", List.of(String.join(" ", OptionLines.of(commandLine))));
    return text.toString();
  }

  private static void paragraph(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("\n  ").append(title);
      lines.forEach(line -> text.append("\n    ").append(line));
    }
  }
}
