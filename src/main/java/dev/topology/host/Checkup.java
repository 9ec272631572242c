package dev.topology.host;

import dev.topology.model.Memory;
import dev.topology.plan.HostFacts.ConfinementVerdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** Looks at everything on a host that topologies need, for {@code topology doctor}. */
public final class Checkup {

  private static final Memory TYPICAL_NODE = Memory.ofMebibytes(128);
  private static final int FEW_FILES = 1024;

  private final Host host;

  /** To look at that host. */
  public Checkup(Host host) {
    this.host = host;
  }

  /** Everything, in the order of a report. May run QEMU for some seconds. Never empty. */
  public List<Finding> findings() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("Java", System.getProperty("java.version", "unknown")));
    try {
      Qemu qemu = host.qemu();
      findings.add(qemu(qemu));
      findings.add(kvm(host.kvm(qemu)));
      findings.add(tsc(host.tscRate(qemu)));
      findings.add(confinement(host.confinement(qemu)));
    } catch (UnfitHostException e) {
      findings.add(Finding.fail("QEMU", String.valueOf(e.getMessage()), e.remedy()));
    }
    findings.add(limits(host.resources()));
    return List.copyOf(findings);
  }

  static Finding qemu(Qemu qemu) {
    String text = qemu.version() + ", " + qemu.path();
    if (!qemu.microvm()) {
      return Finding.fail(
          "QEMU", text + ", without machine type microvm", QemuLocator.HOW_TO_INSTALL);
    }
    if (!qemu.sandbox()) {
      return Finding.fail(
          "QEMU", text + ", built without seccomp sandbox", QemuLocator.HOW_TO_INSTALL);
    }
    if (qemu.version().compareTo(QemuVersion.OLDEST_TRIED) < 0) {
      return Finding.warn(
          "QEMU",
          text + ", older than any this was tried with",
          "If nodes do not start, use QEMU " + QemuVersion.OLDEST_TRIED + " or later.");
    }
    return Finding.ok("QEMU", text + ", microvm, seccomp sandbox");
  }

  static Finding kvm(Kvm kvm) {
    return kvm instanceof Kvm.NotProven not
        ? Finding.warn("KVM", not.reason() + "; using tcg", not.remedy())
        : Finding.ok("KVM", kvm.reason());
  }

  static Finding tsc(Optional<TscRate> rate) {
    String unmeasured =
        "Guests need the rate under tcg. Run topology doctor --fresh when the host is less busy.";
    if (rate.isEmpty()) {
      return Finding.warn("TSC", "its rate could not be measured", unmeasured);
    }
    String mhz = String.format(Locale.ROOT, "%.3f MHz", rate.get().khz() / 1000.0);
    return rate.get().origin() == TscRate.Origin.MEASURED
        ? Finding.ok("TSC", mhz + ", measured")
        : Finding.warn(
            "TSC", mhz + ", taken from /proc/cpuinfo: guests' clocks may run wrong", unmeasured);
  }

  static Finding confinement(ConfinementVerdict confinement) {
    return confinement.proven()
        ? Finding.ok("files", "QEMU is kept to its own, by " + confinement.reason())
        : Finding.warn(
            "files",
            "QEMU is not kept to its own: " + confinement.reason(),
            "Without that, a guest that breaks out of QEMU reads what you may read. It takes Linux 5.13"
                + " with Landlock switched on (kernel parameter lsm=), and a QEMU whose libraries lie"
                + " in /usr, beside it or in LD_LIBRARY_PATH.");
  }

  static Finding limits(HostResources resources) {
    OptionalLong room = resources.roomFor(TYPICAL_NODE);
    String text = describe(resources) + room(room);
    if (room.isPresent() && room.getAsLong() < 2) {
      return Finding.warn("limits", text, "Close other programs, or give the nodes less memory.");
    }
    if (resources.openFiles().orElse(Long.MAX_VALUE) < FEW_FILES) {
      return Finding.warn("limits", text, "Allow more open files: ulimit -n 4096");
    }
    return Finding.ok("limits", text);
  }

  private static String room(OptionalLong room) {
    return room.isPresent()
        ? ": room for about " + room.getAsLong() + " nodes of " + TYPICAL_NODE
        : "";
  }

  private static String describe(HostResources resources) {
    StringJoiner text = new StringJoiner(", ");
    text.add(resources.cpus() + " CPUs");
    resources.openFiles().ifPresent(files -> text.add(files + " open files"));
    resources.processes().ifPresent(processes -> text.add(processes + " processes"));
    resources
        .memoryAvailable()
        .ifPresent(
            bytes -> text.add(String.format(Locale.ROOT, "%.1f GiB free memory", bytes / 0x1p30)));
    return text.toString();
  }
}
