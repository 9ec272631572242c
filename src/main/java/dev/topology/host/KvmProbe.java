package dev.topology.host;

import dev.topology.host.Kvm.NotProven;
import dev.topology.host.Kvm.Proven;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether a guest really runs on KVM, by running one.
 *
 * <p>That {@code /dev/kvm} exists, opens and creates a virtual machine proves little: a host inside
 * a virtual machine may do all that and then run a million instructions a second. So the proof is
 * speed: a guest that counts to twenty million and exits, within a second. On hardware that takes
 * less than a tenth of it, by emulation some two tenths.
 *
 * <p>The answer is remembered for this boot of the host. What costs nothing to look at, the device
 * and the permission, is looked at each time: a user who joined a group need not wait for a reboot.
 */
final class KvmProbe {

  /** Where KVM is on every Linux. */
  static final Path DEVICE = Path.of("/dev/kvm");

  /** How long the guest may take. */
  static final Duration LIMIT = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String MACHINE = "accel=kvm,pit=off,pic=off";
  private static final String CONTROL_MACHINE = "accel=tcg,pit=off,pic=off";

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
  private final Duration limit;
  private final Remembered remembered;

  /** Tries the device of this host. */
  KvmProbe(Remembered remembered) {
    this(DEVICE, LIMIT, remembered);
  }

  /** Tests have devices that cannot be opened, and hosts that are slow for other reasons. */
  KvmProbe(Path device, Duration limit, Remembered remembered) {
    this.device = device;
    this.limit = limit;
    this.remembered = remembered;
  }

  /** Answers from memory, or within about two seconds; where the host is very busy, eleven. */
  Kvm probe(Path qemu) throws InterruptedException {
    Optional<NotProven> obstacle = obstacle();
    if (obstacle.isPresent()) {
      return obstacle.get();
    }
    try {
      return recallOrRun(qemu);
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

  private Kvm recallOrRun(Path qemu) throws IOException, InterruptedException {
    ProgramStamp stamp = ProgramStamp.of(qemu);
    String name = stamp.fileName("kvm");
    List<String> circumstances = new ArrayList<>(stamp.lines());
    Optional<List<String>> boot = Boot.circumstances();
    boot.ifPresent(circumstances::addAll);
    Optional<Kvm> known =
        boot.flatMap(b -> remembered.recall(name, circumstances)).flatMap(KvmProbe::read);
    if (known.isPresent()) {
      return known.get();
    }
    Verdict verdict = run(qemu);
    if (boot.isPresent() && verdict.lasting()) {
      remembered.keep(name, circumstances, write(verdict.kvm()));
    }
    return verdict.kvm();
  }

  private Verdict run(Path qemu) throws IOException, InterruptedException {
    ProbeRun.Result result = new ProbeRun(qemu, limit).run(ProbeGuest.spin(), MACHINE, "host");
    if (result.finished()) {
      return new Verdict(new Proven(result.outcome().took()), true);
    }
    // The control has to be as quick where the guest was slow, but not where QEMU just gave up.
    Duration controlLimit = result.outcome().ended() ? PATIENCE : limit;
    return judge(
        result, new ProbeRun(qemu, controlLimit).run(ProbeGuest.spin(), CONTROL_MACHINE, "max"));
  }

  /** A failure on KVM only means something if the same guest can be emulated, now and here. */
  private static Verdict judge(ProbeRun.Result result, ProbeRun.Result control) {
    if (control.finished()) {
      return new Verdict(new NotProven(result.failure(), USELESS), true);
    }
    String reason = result.failure() + "; nor by emulation: " + control.failure();
    return new Verdict(new NotProven(reason, NO_CONTROL), false);
  }

  private static List<String> write(Kvm kvm) {
    if (kvm instanceof NotProven not) {
      return List.of("not proven", not.reason(), not.remedy());
    }
    return List.of("proven", Long.toString(((Proven) kvm).took().toMillis()));
  }

  private static Optional<Kvm> read(List<String> lines) {
    if (lines.size() == 3 && lines.get(0).equals("not proven")) {
      return Optional.of(new NotProven(lines.get(1), lines.get(2)));
    }
    if (lines.size() == 2 && lines.get(0).equals("proven") && lines.get(1).matches("\\d{1,9}")) {
      return Optional.of(new Proven(Duration.ofMillis(Long.parseLong(lines.get(1)))));
    }
    return Optional.empty();
  }

  /**
   * What a probe found.
   *
   * @param lasting whether it would be found again: not so where the host was merely busy
   */
  private record Verdict(Kvm kvm, boolean lasting) {}
}
