package dev.topology.run;

import dev.topology.console.ConsoleRecord;
import dev.topology.run.node.FailureCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the lines of a console that tell how its node came to fail: the last ones, or those
 * around a panic, whose reason is far above the end of what the kernel prints.
 */
final class LastWords {

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

  private LastWords() {}

  static List<String> of(ConsoleRecord console, FailureCause cause) {
    return choose(console.tail(SEARCHED), cause);
  }

  /**
   * @param boot what the kernel said before it had a console
   * @param log its log, where that is kept apart
   */
  static List<String> ofKernel(
      ConsoleRecord boot, Optional<ConsoleRecord> log, FailureCause cause) {
    List<String> lines = new ArrayList<>(boot.tail(SEARCHED));
    lines.removeIf(line -> line.isBlank() || ORDINARY.stream().anyMatch(line::contains));
    log.ifPresent(it -> lines.addAll(it.tail(SEARCHED)));
    return choose(lines, cause);
  }

  private static List<String> choose(List<String> lines, FailureCause cause) {
    int from = Math.max(0, lines.size() - LINES);
    if (cause instanceof FailureCause.GuestPanicked panic) {
      String line = panic.panicLine().toString();
      int at = lines.stream().map(String::strip).toList().indexOf(line);
      from = at < 0 ? from : Math.min(from, Math.max(0, at - BEFORE_A_PANIC));
    }
    return List.copyOf(lines.subList(from, Math.min(lines.size(), from + LINES)));
  }
}
