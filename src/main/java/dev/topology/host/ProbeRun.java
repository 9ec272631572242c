package dev.topology.host;

import dev.topology.host.ProbeDirectory.Outcome;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.plan.qemu.Board;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Runs a {@link ProbeGuest} on a QEMU. */
final class ProbeRun {

  private static final String KERNEL = "guest";
  private static final String OUTPUT = "guest.out";

  /**
   * Limits QEMU, in case the JVM is killed with SIGKILL while a guest spins: no core file, and the
   * kernel ends it after half a minute of processor time.
   */
  private static final List<String> LIMITED =
      List.of("/bin/sh", "-c", "ulimit -c 0; ulimit -t 30; exec \"$0\" \"$@\"");

  private final Qemu qemu;
  private final Duration limit;

  ProbeRun(Qemu qemu, Duration limit) {
    this.qemu = qemu;
    this.limit = limit;
  }

  /** Boots the guest and waits for it, at most for the limit. */
  Result run(ProbeGuest guest, Accelerator accelerator) throws IOException, InterruptedException {
    try (ProbeDirectory directory = ProbeDirectory.create()) {
      Files.write(directory.file(KERNEL), guest.kernel(qemu.architecture()));
      List<String> command = new ArrayList<>(LIMITED);
      command.add(qemu.path().toString());
      command.addAll(
          arguments(
              guest, qemu.architecture(), accelerator, KERNEL, "file,path=" + OUTPUT + ",id="));
      Outcome outcome = directory.run(command, limit);
      Path output = directory.file(OUTPUT);
      byte[] written = Files.exists(output) ? Files.readAllBytes(output) : new byte[0];
      int expected = ProbeGuest.exitStatus(qemu.architecture());
      return new Result(outcome, expected, limit, ByteBuffer.wrap(written));
    }
  }

  /**
   * QEMU's arguments.
   *
   * @param kernel the guest's file, in the directory it works in: names without a directory need no
   *     commas doubled
   * @param output a character device, but for its name
   */
  static List<String> arguments(
      ProbeGuest guest,
      Architecture architecture,
      Accelerator accelerator,
      String kernel,
      String output) {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, "-nodefaults", "-no-user-config", "-nographic", "-no-reboot");
    Collections.addAll(command, "-M", guest.machine(architecture) + ",accel=" + accelerator);
    boolean kvm = accelerator == Accelerator.KVM;
    Collections.addAll(command, "-cpu", kvm ? "host" : Board.ofKernel(architecture).emulated());
    Collections.addAll(command, "-m", "8", "-kernel", kernel);
    if (architecture == Architecture.AMD64) {
      Collections.addAll(command, "-device", device("isa-debug-exit", ProbeGuest.EXIT_PORT));
      Collections.addAll(command, "-chardev", output + "output");
      Collections.addAll(
          command, "-device", device("isa-debugcon", ProbeGuest.OUTPUT_PORT) + ",chardev=output");
    }
    return command;
  }

  private static String device(String driver, int port) {
    return driver + ",iobase=0x" + Integer.toHexString(port);
  }

  /**
   * How it went, and what the guest wrote.
   *
   * @param outcome how QEMU ended
   * @param expected QEMU's exit status when the guest has done its work
   * @param limit how long it was given
   * @param written every byte that the guest wrote to the debug console
   */
  record Result(Outcome outcome, int expected, Duration limit, ByteBuffer written) {

    /** Whether the guest did all its work, in time. */
    boolean finished() {
      return outcome.ended() && outcome.status() == expected;
    }

    /** Why it did not finish, as a clause for people. */
    String failure() {
      if (!outcome.ended()) {
        return "the probe guest did not finish within " + limit.toSeconds() + " s";
      }
      String how =
          outcome.status() == 128 + 6 ? "aborted" : "ended with status " + outcome.status();
      return "QEMU " + how + complaint();
    }

    /** The first thing QEMU said on standard error that is more than a warning. */
    private String complaint() {
      return outcome
          .errors()
          .lines()
          .map(line -> line.replaceFirst("^\\S*qemu\\S*: ", ""))
          .filter(line -> !line.isBlank() && !line.startsWith("warning: "))
          .map(line -> line.replaceFirst("^error: ", ""))
          .findFirst()
          .map(line -> ": " + line)
          .orElse("");
    }
  }

  /**
   * The guests that try out a host: complete kernels of half a kilobyte at most, which QEMU boots
   * directly. Their sources are {@code src/probe/guest-*.S}. Each does its work in 64-bit mode, and
   * ends QEMU with {@link #exitStatus}.
   */
  enum ProbeGuest {
    /** Does nothing. */
    EXIT,

    /**
     * Counts to twenty million: long enough to tell a processor (10 ms) and emulation (50 ms) from
     * a hypervisor that traps or interprets every instruction (20 s and more).
     */
    SPIN,

    /**
     * Of amd64 only. Reads the time stamp counter next to the i8254 timer, 15,000 times. For each
     * sample it writes to the debug console the low 32 bits of the TSC before and after the timer
     * was latched, and the timer's 16-bit count, which goes down at 1.193182 MHz; all
     * little-endian.
     *
     * <p>Samples are 4 to 15 µs apart: 60 ms in all at least, of which {@link TscProbe} needs 10
     * without a pause. 3,000 of them lasted 12 ms on a fast, idle host, too short in one run of
     * twenty.
     */
    CLOCK;

    /**
     * QEMU's exit status when a guest has done its work: isa-debug-exit says (value &lt;&lt; 1) |
     * 1. One of arm64 has powered off.
     */
    static int exitStatus(Architecture architecture) {
      return architecture == Architecture.AMD64 ? 33 : 0;
    }

    /** Where the guest expects {@code isa-debug-exit}, four bytes wide. */
    static final int EXIT_PORT = 0xF4;

    /** Where the guest expects {@code isa-debugcon}. */
    static final int OUTPUT_PORT = 0xE9;

    /** How many samples {@link #CLOCK} takes. */
    static final int SAMPLES = 15_000;

    /** What {@link #CLOCK} writes for each: TSC before, TSC after, timer count. */
    static final int SAMPLE_BYTES = 4 + 4 + 2;

    /** The machine it is made for, as {@code -M} takes it. */
    String machine(Architecture architecture) {
      Board board = Board.ofKernel(architecture);
      if (board == Board.VIRT) {
        return board + ",acpi=off,gic-version=max";
      }
      String timer = this == CLOCK ? "on" : "off";
      // Without ACPI, QEMU boots with the smaller of its two firmwares.
      return board + ",acpi=off,isa-serial=off,rtc=off,pit=" + timer + ",pic=" + timer;
    }

    /** The kernel's file. */
    byte[] kernel(Architecture architecture) throws IOException {
      String resource = resource(architecture);
      try (InputStream in = ProbeGuest.class.getResourceAsStream(resource)) {
        return Objects.requireNonNull(in, resource).readAllBytes();
      }
    }

    /** The name of that file, beside this class. */
    String resource(Architecture architecture) {
      return "probe-" + name().toLowerCase(Locale.ROOT) + "-" + architecture;
    }
  }
}
