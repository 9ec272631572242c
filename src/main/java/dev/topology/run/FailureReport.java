package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.plan.PlanText;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodePorts;
import dev.topology.run.node.NodeRun;
import dev.topology.text.HumanText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

  private static final int LINES = 20;
  private static final int BEFORE_A_PANIC = 8;

  /** A panic prints some fifty lines, and twice that where it fails to print. */
  private static final int SEARCHED = 200;

  /** Printed at every boot, by the firmware (QEMU 10) or the kernel: no sign of a failure. */
  private static final List<String> ORDINARY =
      List.of(
          "SeaBIOS (version ",
          "Poking KASLR using RDRAND RDTSC...",
          "PCI: Fatal: No config space access function found",
          "Warning: unable to open an initial console.");

  public FailureReport {
    consoleTail = List.copyOf(consoleTail);
    kernelTail = List.copyOf(kernelTail);
    commandLine = List.copyOf(commandLine);
  }

  /** The report of a node that has failed. */
  static FailureReport of(NodeRun node) {
    FailureCause cause = ((NodeOutcome.Failed) node.outcome().orElseThrow()).cause();
    NodePorts ports = node.ports();
    List<String> kernel = new ArrayList<>(ports.boot().tail(SEARCHED));
    kernel.removeIf(line -> line.isBlank() || ORDINARY.stream().anyMatch(line::contains));
    ports.kernelLog().ifPresent(log -> kernel.addAll(log.tail(SEARCHED)));
    return new FailureReport(
        node.name(),
        cause,
        node.elapsed(),
        lastWords(ports.console().tail(SEARCHED), cause),
        lastWords(kernel, cause),
        node.stderr(),
        node.plan().consoleLog(),
        node.plan().commandLine());
  }

  /** The last lines, or those around a panic, whose reason is far above the end of what follows. */
  private static List<String> lastWords(List<String> lines, FailureCause cause) {
    int from = Math.max(0, lines.size() - LINES);
    if (cause instanceof FailureCause.GuestPanicked panic) {
      String line = panic.panicLine().toString();
      int at = lines.stream().map(String::strip).toList().indexOf(line);
      from = at < 0 ? from : Math.min(from, Math.max(0, at - BEFORE_A_PANIC));
    }
    return List.copyOf(lines.subList(from, Math.min(lines.size(), from + LINES)));
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
    paragraph(
        text, "its command line", List.of(String.join(" ", PlanText.optionLines(commandLine))));
    return text.toString();
  }

  private static void paragraph(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append("\n  ").append(title);
      lines.forEach(line -> text.append("\n    ").append(line));
    }
  }
}
