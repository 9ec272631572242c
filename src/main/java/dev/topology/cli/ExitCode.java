package dev.topology.cli;

import dev.topology.posix.Signal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The statuses the program exits with, as every {@code --help} documents them. */
enum ExitCode {
  DONE(0, "all done"),
  NODE_FAILED(1, "a node failed"),
  TEST_FAILED(1, "a test failed"),
  NOT_FORMATTED(1, "--check found a file that is not in the usual layout"),
  WRONG_USAGE(2, "the file or the usage is wrong"),
  UNFIT_HOST(3, "this host cannot do it"),
  REFUSED(4, "the running topology cannot do it, or has ended"),
  /** EX_SOFTWARE of sysexits(3). */
  BUG(70, "a bug of topology itself"),
  /** What timeout(1) exits with. */
  OUT_OF_TIME(124, "not over in the time that --timeout gave"),
  /** As a shell has it: 128 and the number of the signal. */
  HANGUP(129, "stopped by SIGHUP: the terminal was closed"),
  INTERRUPTED(130, "stopped by SIGINT: Ctrl-C"),
  BROKEN_PIPE(141, "stopped because nobody reads its output any more"),
  TERMINATED(143, "stopped by SIGTERM or `topology down`");

  private final int status;
  private final String meaning;

  ExitCode(int status, String meaning) {
    this.status = status;
    this.meaning = meaning;
  }

  /** The status itself. */
  int status() {
    return status;
  }

  /** What a process of this program meant with its status; a bug if it is none of these. */
  static ExitCode of(int status) {
    return Arrays.stream(values()).filter(it -> it.status == status).findFirst().orElse(BUG);
  }

  /** After a signal that stopped the program. */
  static ExitCode of(Signal signal) {
    return switch (signal) {
      case HUP -> HANGUP;
      case INT -> INTERRUPTED;
      default -> TERMINATED;
    };
  }

  /** Statuses with their meanings, for a help text. */
  static Map<String, String> described(ExitCode... codes) {
    Map<String, String> described = new LinkedHashMap<>();
    for (ExitCode code : codes) {
      described.merge(" " + code.status, code.meaning, (one, other) -> one + "; or " + other);
    }
    return described;
  }
}
