package dev.topology.host;

import dev.topology.host.KvmProbe.Kvm;
import dev.topology.model.Architecture;
import dev.topology.model.Memory;
import dev.topology.plan.HostFacts.ConfinementVerdict;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.Virtiofsd;
import dev.topology.plan.qemu.Board;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Looks at everything on a host that topologies need, for {@code topology doctor}. */
public final class Checkup {

  private static final Memory TYPICAL_NODE = Memory.ofMebibytes(128);
  private static final int FEW_FILES = 1024;

  private static final String NAME_SPACES =
      "Name spaces of its own keep it to the directory that is shared. They are missing in a chroot"
          + " and in most containers, and where user.max_user_namespaces is 0 or AppArmor forbids"
          + " them (kernel.apparmor_restrict_unprivileged_userns=1).";

  private final Host host;

  /** To look at that host. */
  public Checkup(Host host) {
    this.host = host;
  }

  /** Everything, in the order of a report. May run QEMU for some seconds. Never empty. */
  public List<Result> results() throws InterruptedException {
    List<Result> results = new ArrayList<>();
    results.add(Result.ok("Java", System.getProperty("java.version", "unknown")));
    try {
      Qemu qemu = host.qemu(host.architecture());
      results.add(qemu("QEMU", qemu));
      results.add(kvm(host.kvm(qemu)));
      if (qemu.architecture() == Architecture.AMD64) {
        results.add(tsc(host.tscRate(qemu)));
      }
      results.add(confinement(host.confinement(qemu)));
      results.add(sharing(host.sharing(), qemu.has9p()));
      results.add(uefi("UEFI", host.uefi(), qemu.architecture()));
    } catch (UnfitHostException e) {
      results.add(Result.fail("QEMU", String.valueOf(e.getMessage()), e.remedy()));
    }
    for (Architecture each : Architecture.values()) {
      if (each != host.architecture()) {
        results.addAll(foreign(each));
      }
    }
    results.add(limits(HostResources.read()));
    return List.copyOf(results);
  }

  /** Guests of another architecture than the host's. */
  private List<Result> foreign(Architecture guests) throws InterruptedException {
    try {
      return List.of(
          qemu(guests.toString(), host.qemu(guests)), uefi(guests + " UEFI", host.uefi(), guests));
    } catch (UnfitHostException e) {
      return List.of(
          Result.warn(
              guests.toString(),
              "nodes cannot be " + guests + ": " + e.getMessage(),
              "To use arch: " + guests + " in nodes, " + e.remedy()));
    }
  }

  static Result qemu(String subject, Qemu qemu) {
    String text = qemu.version() + ", " + qemu.path();
    if (!qemu.sandbox()) {
      return Result.fail(
          subject, text + ", built without seccomp sandbox", "Install another QEMU.");
    }
    if (qemu.version().compareTo(Qemu.Version.OLDEST_TRIED) < 0) {
      return Result.warn(
          subject,
          text + ", older than any this was tried with",
          "If nodes do not start, use QEMU " + Qemu.Version.OLDEST_TRIED + " or later.");
    }
    return Result.ok(
        subject, text + ", " + Board.ofKernel(qemu.architecture()) + ", seccomp sandbox");
  }

  static Result kvm(Kvm kvm) {
    return kvm instanceof Kvm.NotProven not
        ? Result.warn("KVM", not.reason() + "; using tcg", not.remedy())
        : Result.ok("KVM", kvm.reason());
  }

  static Result tsc(Optional<TscProbe.Rate> rate) {
    String unmeasured =
        "Guests need the rate under tcg. Run topology doctor --fresh when the host is less busy.";
    if (rate.isEmpty()) {
      return Result.warn("TSC", "its rate could not be measured", unmeasured);
    }
    String mhz = String.format(Locale.ROOT, "%.3f MHz", rate.get().khz() / 1000.0);
    return rate.get().origin() == TscProbe.Rate.Origin.MEASURED
        ? Result.ok("TSC", mhz + ", measured")
        : Result.warn(
            "TSC", mhz + ", taken from /proc/cpuinfo: guests' clocks may run wrong", unmeasured);
  }

  static Result confinement(ConfinementVerdict confinement) {
    return confinement.proven()
        ? Result.ok("files", "QEMU is kept to its own, by " + confinement.reason())
        : Result.warn(
            "files",
            "QEMU is not kept to its own: " + confinement.reason(),
            "Without that, a guest that breaks out of QEMU reads what you may read. It takes Linux 5.13"
                + " with Landlock switched on (kernel parameter lsm=), and a QEMU whose libraries lie"
                + " in /usr, beside it or in LD_LIBRARY_PATH.");
  }

  static Result sharing(SharingVerdict sharing, boolean over9p) {
    if (sharing.virtiofsd().isEmpty()) {
      return Result.warn(
          "shares",
          (over9p
                  ? "over 9p by QEMU, with images that have the generic kernel: "
                  : "nodes cannot share directories: ")
              + sharing.reason(),
          over9p
              ? "To use shares: in nodes, \"topology image build --kernel generic\", or "
                  + VirtiofsdProbe.HOW_TO_INSTALL
              : "To use shares: in nodes, " + VirtiofsdProbe.HOW_TO_INSTALL);
    }
    Virtiofsd found = sharing.virtiofsd().get();
    String text =
        "over virtiofs by %s, %s: %s"
            .formatted(found.path(), found.dialect().origin(), sharing.reason());
    if (!found.canBeReadOnly()) {
      return Result.warn(
          "shares",
          text
              + (over9p
                  ? ", so those that are read-only are shared over 9p by QEMU"
                  : ", so only writable shares work"),
          "Install a newer one. " + NAME_SPACES);
    }
    return found.isolation() == Virtiofsd.Isolation.NONE
        ? Result.warn("shares", text, NAME_SPACES)
        : Result.ok("shares", text);
  }

  static Result uefi(String subject, UefiLocator locator, Architecture guests) {
    boolean isAmd64 = guests == Architecture.AMD64;
    return locator
        .locate(guests)
        .map(it -> Result.ok(subject, it.code().toString()))
        .orElseGet(
            () ->
                Result.warn(
                    subject,
                    "no %s can boot %s: no file in %s describes one"
                        .formatted(
                            isAmd64 ? "PC" : guests + " guest",
                            isAmd64 ? "by UEFI" : "from its own disk",
                            locator.places().stream()
                                .map(Path::toString)
                                .collect(Collectors.joining(" or "))),
                    (isAmd64
                            ? "To use firmware: uefi in nodes, "
                            : "To use boot: firmware in them, ")
                        + UefiLocator.howToInstall(guests)));
  }

  static Result limits(HostResources resources) {
    OptionalLong room = resources.roomFor(TYPICAL_NODE);
    String text = describe(resources) + room(room);
    if (room.isPresent() && room.getAsLong() < 2) {
      return Result.warn("limits", text, "Close other programs, or give the nodes less memory.");
    }
    if (resources.openFiles().orElse(Long.MAX_VALUE) < FEW_FILES) {
      return Result.warn("limits", text, "Allow more open files: ulimit -n 4096");
    }
    return Result.ok("limits", text);
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

  /**
   * One thing that was looked at on this host, and how it is.
   *
   * @param level whether it is a reason to worry
   * @param subject what was looked at, in a word: {@code QEMU}, {@code KVM}
   * @param text how it is; a clause
   * @param remedy what the user can do about it, in one or more lines
   */
  public record Result(Level level, String subject, String text, Optional<String> remedy) {

    /** How bad it is. */
    public enum Level {
      /** As it should be. */
      OK,
      /** It will do, but could be better. */
      WARN,
      /** No topology can run like this. */
      FAIL
    }

    /** As it should be. */
    public static Result ok(String subject, String text) {
      return new Result(Level.OK, subject, text, Optional.empty());
    }

    /** It will do. */
    public static Result warn(String subject, String text, String remedy) {
      return new Result(Level.WARN, subject, text, Optional.of(remedy));
    }

    /** Nothing runs until that is put right. */
    public static Result fail(String subject, String text, String remedy) {
      return new Result(Level.FAIL, subject, text, Optional.of(remedy));
    }
  }
}
