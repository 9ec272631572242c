package dev.topology.host;

import dev.topology.host.KvmProbe.Kvm.NotProven;
import dev.topology.host.KvmProbe.Kvm.Proven;
import dev.topology.host.ProbeRun.ProbeGuest;
import dev.topology.model.Accelerator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds out whether a guest really runs on KVM, by running one.
 *
 * <p>That {@code /dev/kvm} exists, opens and creates a virtual machine proves little: a host inside
 * a virtual machine may do all that and then run a million instructions a second. So speed is
 * measured: a guest that counts to twenty million and exits must be faster on KVM than by
 * emulation, on this host at this time. A slow or busy host slows down both, so a fixed limit would
 * be wrong.
 *
 * <p>The result is cached for this boot of the host. Whether the device can be opened is checked
 * each time, so a user who joins the group kvm need not reboot.
 */
final class KvmProbe {

  /** Where KVM is on every Linux. */
  static final Path DEVICE = Path.of("/dev/kvm");

  /** How often both are tried before KVM counts as no faster; the best run of each is compared. */
  private static final int ROUNDS = 3;

  /** A guest on KVM may take this many times as long as by emulation; then it is ended. */
  private static final int LATE = 4;

  /** The shortest limit for a guest on KVM, and its limit where nothing can be emulated. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String ENABLE =
      "Enable virtualisation in the firmware, or nested virtualisation on a cloud machine, and load"
          + " the module: modprobe kvm_intel or kvm_amd.";
  private static final String USELESS =
      "On a cloud machine or inside another virtual machine, enable nested virtualisation. Without"
          + " it guests run by emulation, and boot in seconds rather than a tenth of one.";

  private static final String NO_CONTROL =
      "Either the host is too busy to tell, then try again: topology doctor --fresh; or QEMU is not"
          + " completely installed, then look for its firmware: qboot.rom.";

  private final Path device;
  private final ProbeCache cache;

  /** Tries the device of this host. */
  KvmProbe(ProbeCache cache) {
    this(DEVICE, cache);
  }

  /** Tries another device; tests have some that cannot be opened. */
  KvmProbe(Path device, ProbeCache cache) {
    this.device = device;
    this.cache = cache;
  }

  /** Answers from the cache, or within about two seconds; where the host is very slow, a minute. */
  Kvm probe(Qemu qemu) throws InterruptedException {
    Optional<NotProven> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return obstacle.get();
    }
    try {
      return readOrRun(qemu);
    } catch (IOException e) {
      return new NotProven("the probe guest could not be started: " + e.getMessage(), USELESS);
    }
  }

  private Optional<NotProven> obstacle() {
    if (!Files.exists(device)) {
      return Optional.of(new NotProven(device + " does not exist", ENABLE));
    }
    try {
      FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
      return Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.of(
          new NotProven(
              "permission denied on " + device,
              "Add yourself to the group kvm and log in again: sudo usermod -aG kvm $USER"));
    } catch (IOException e) {
      return Optional.of(new NotProven(device + " cannot be opened: " + e.getMessage(), ENABLE));
    }
  }

  private Kvm readOrRun(Qemu qemu) throws IOException, InterruptedException {
    Optional<ProbeCache.Key> key = ProbeCache.Key.ofProgram("kvm", qemu.path()).inThisBoot();
    Optional<Kvm> known = key.flatMap(cache::read).flatMap(KvmProbe::read);
    if (known.isPresent()) {
      return known.get();
    }
    Verdict verdict = run(qemu);
    if (key.isPresent() && verdict.lasting()) {
      cache.write(key.get(), write(verdict.kvm()));
    }
    return verdict.kvm();
  }

  private static Verdict run(Qemu qemu) throws IOException, InterruptedException {
    Duration emulated = PATIENCE;
    Duration took = PATIENCE.multipliedBy(LATE);
    for (int round = 0; round < ROUNDS && took.compareTo(emulated) >= 0; round++) {
      ProbeRun.Result control = new ProbeRun(qemu, PATIENCE).run(ProbeGuest.SPIN, Accelerator.TCG);
      Duration limit = limit(control);
      ProbeRun.Result result = new ProbeRun(qemu, limit).run(ProbeGuest.SPIN, Accelerator.KVM);
      if (!result.finished() || !control.finished()) {
        return judge(result, control);
      }
      emulated = least(emulated, control.outcome().took());
      took = least(took, result.outcome().took());
    }
    return took.compareTo(emulated) < 0
        ? new Verdict(new Proven(took, Optional.of(emulated)), true)
        : new Verdict(
            new NotProven(
                "a probe guest was no faster on it (%d ms) than by emulation (%d ms)"
                    .formatted(took.toMillis(), emulated.toMillis()),
                USELESS),
            true);
  }

  private static Duration limit(ProbeRun.Result control) {
    Duration late = control.outcome().took().multipliedBy(LATE);
    return control.finished() && late.compareTo(LEAST) > 0 ? late : LEAST;
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** A failure on KVM only means something if the same guest can be emulated, now and here. */
  private static Verdict judge(ProbeRun.Result result, ProbeRun.Result control) {
    if (result.finished()) {
      // A QEMU may be built without emulation.
      return new Verdict(new Proven(result.outcome().took(), Optional.empty()), true);
    }
    if (!control.finished()) {
      String reason = result.failure() + "; nor by emulation: " + control.failure();
      return new Verdict(new NotProven(reason, NO_CONTROL), false);
    }
    String reason =
        result.outcome().ended()
            ? result.failure()
            : "a probe guest ran more than %d times as long on it as by emulation (%d ms)"
                .formatted(LATE, control.outcome().took().toMillis());
    return new Verdict(new NotProven(reason, USELESS), true);
  }

  private static List<String> write(Kvm kvm) {
    if (kvm instanceof NotProven not) {
      return List.of("not proven", not.reason(), not.remedy());
    }
    Proven proven = (Proven) kvm;
    return List.of(
        "proven",
        Long.toString(proven.took().toMillis()),
        proven.emulated().map(it -> Long.toString(it.toMillis())).orElse("-"));
  }

  private static Optional<Kvm> read(List<String> lines) {
    if (lines.size() != 3) {
      return Optional.empty();
    }
    if (lines.get(0).equals("not proven")) {
      return Optional.of(new NotProven(lines.get(1), lines.get(2)));
    }
    if (lines.get(0).equals("proven") && lines.get(1).matches("\\d{1,9}")) {
      return Optional.of(
          new Proven(
              millis(lines.get(1)),
              Optional.of(lines.get(2))
                  .filter(it -> it.matches("\\d{1,9}"))
                  .map(KvmProbe::millis)));
    }
    return Optional.empty();
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  /**
   * What a probe found.
   *
   * @param lasting whether it would be found again: not so where the host was merely busy
   */
  private record Verdict(Kvm kvm, boolean lasting) {}

  /** Whether guests can use KVM here, as far as trying it tells. */
  sealed interface Kvm {

    /**
     * A guest ran on it, at a processor's speed.
     *
     * @param took from the start of QEMU to its end
     * @param emulated the same by emulation; empty where this QEMU cannot emulate
     */
    record Proven(Duration took, Optional<Duration> emulated) implements Kvm {

      @Override
      public String reason() {
        String ran = "a probe guest ran on it in " + took.toMillis() + " ms";
        return emulated
            .map(other -> ran + String.format(Locale.ROOT, ", %.1f times as fast as", ratio(other)))
            .map(text -> text + " by emulation")
            .orElse(ran);
      }

      private double ratio(Duration other) {
        return (double) other.toNanos() / Math.max(1, took.toNanos());
      }
    }

    /**
     * It cannot be used, or did not prove that it can.
     *
     * @param reason a clause for people: what was tried and how it failed
     * @param remedy what the user can do; whole sentences
     */
    record NotProven(String reason, String remedy) implements Kvm {}

    /** A clause for people: why it is not proven, or what proved it. */
    String reason();
  }
}
