package dev.topology.plan;

import dev.topology.disk.DiskFile;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.Disk;
import dev.topology.model.Node;
import dev.topology.plan.guest.ShareFileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a plan needs to know of the machine it is made for. Gathered by the caller.
 *
 * @param guests what guests of each architecture find here that the topology has
 * @param sharing whether this host can share directories with guests
 * @param disks what the files of the topology's disks are
 * @param unaligned the initramfs files that QEMU must not get as they are, for their length is not
 *     that of whole pages
 * @param snapshots the saved guests that nodes are clones of, by the names of the nodes
 */
public record HostFacts(
    Map<Architecture, GuestFacts> guests,
    SharingVerdict sharing,
    Map<Disk.Source.OfFile, DiskFile> disks,
    Set<Path> unaligned,
    Map<String, Snapshot> snapshots) {

  /**
   * What the init of our images has read, mounted or written when it is saved, directories with all
   * below them. See the init, and modprobe.d(5).
   */
  private static final List<Path> READ_AT_BOOT =
      Stream.of(
              "/init",
              "/bin/busybox",
              "/usr/bin/busybox",
              "/sbin/modprobe",
              "/usr/sbin/modprobe",
              "/lib/modules",
              "/usr/lib/modules",
              "/lib/firmware",
              "/usr/lib/firmware",
              "/etc/topology",
              "/etc/fstab",
              "/etc/modprobe.conf",
              "/etc/modprobe.d",
              "/dev",
              "/proc",
              "/sys",
              "/run/topology")
          .map(Path::of)
          .toList();

  public HostFacts {
    guests = Map.copyOf(guests);
    disks = Map.copyOf(disks);
    unaligned = Set.copyOf(unaligned);
    snapshots = Map.copyOf(snapshots);
  }

  /** Of a topology without shared directories and disks, whose guests are of one architecture. */
  public static HostFacts of(Architecture architecture, GuestFacts facts) {
    return new HostFacts(
        Map.of(architecture, facts), SharingVerdict.UNASKED, Map.of(), Set.of(), Map.of());
  }

  /** The same, with saved guests by the names of the nodes that are clones of them. */
  public HostFacts withSnapshots(Map<String, Snapshot> byNode) {
    return new HostFacts(guests, sharing, disks, unaligned, byNode);
  }

  /**
   * Whether a node can be the clone of a saved guest: its init waits to be told who it is, and
   * nothing but what it is told makes it different from others of its image. What is on its disks
   * would, and files that its boot reads. What a kernel says that is given a command line may be
   * waited for.
   */
  public boolean canBeCloned(Node node) {
    Map<String, BootableImage> images = of(node.architecture()).images();
    BootableImage image = node.boot().image().map(images::get).orElse(null);
    return image != null
        && image.speaksControl()
        && image.hasAgent()
        && node.boot().kernel().isEmpty()
        && node.boot().initramfs().isEmpty()
        && node.boot().cmdline().isEmpty()
        && node.pc().isEmpty()
        && (node.files().isEmpty() || canGetFilesLate(node, image))
        && node.disks().isEmpty()
        && node.shares().isEmpty()
        && node.qemuArgs().isEmpty();
  }

  /** The files of a container are no part of what its guest boots. */
  private boolean canGetFilesLate(Node node, BootableImage image) {
    return image.initramfs().filter(it -> !unaligned.contains(it)).isPresent()
        && (node.boot().container().isPresent()
            || node.files().stream()
                .map(it -> Path.of(it.guestPath()))
                .noneMatch(HostFacts::isReadAtBoot));
  }

  /** Whether something at a path, or below it, is read before the guest is told who it is. */
  private static boolean isReadAtBoot(Path path) {
    return READ_AT_BOOT.stream().anyMatch(it -> it.startsWith(path) || path.startsWith(it));
  }

  /** What guests of an architecture find, which the topology has. */
  public GuestFacts of(Architecture architecture) {
    return Objects.requireNonNull(guests.get(architecture), architecture::toString);
  }

  /**
   * What guests of one architecture find on this host.
   *
   * @param qemu the QEMU that runs them
   * @param kvm whether they may run on KVM
   * @param tscKhz the rate of the host's time stamp counter in kHz, which is also that of a guest
   *     under TCG; more than 0, and of no use to guests that have none
   * @param images the guest images that the topology names, by the name or directory it gives them
   * @param confinement whether that QEMU can be kept to its own files
   * @param containers the disks of the container images that the topology names; absolute
   * @param uefi a UEFI for PCs, if one is wanted and there is one
   */
  public record GuestFacts(
      QemuBinary qemu,
      KvmVerdict kvm,
      long tscKhz,
      Map<String, BootableImage> images,
      ConfinementVerdict confinement,
      Map<ContainerReference, Path> containers,
      Optional<UefiFirmware> uefi) {

    public GuestFacts {
      images = Map.copyOf(images);
      containers = Map.copyOf(containers);
    }
  }

  /**
   * A guest image as the planner sees it.
   *
   * @param name as the topology names it
   * @param kernel absolute
   * @param initramfs absolute
   * @param modules the disk with all modules of the kernel; absolute
   * @param cmdline the image's own kernel command line, after the planner's; may be empty
   * @param speaksControl whether its init holds the conversation over {@code topology.control}, and
   *     so says itself when it is ready
   * @param hasAgent whether its init also starts the agent of this version of topology, which
   *     listens for {@code services}
   * @param shareFileSystems those that its kernel has; all where that is unknown, or no node of it
   *     shares a directory
   */
  public record BootableImage(
      String name,
      Path kernel,
      Optional<Path> initramfs,
      Optional<Path> modules,
      String cmdline,
      boolean speaksControl,
      boolean hasAgent,
      Set<ShareFileSystem> shareFileSystems) {

    public BootableImage {
      shareFileSystems = Set.copyOf(shareFileSystems);
    }
  }

  /**
   * A UEFI on this host, in two files. Raw, and absolute.
   *
   * @param code the program
   * @param variables what a new machine's settings are copied from
   */
  public record UefiFirmware(Path code, Path variables) {}

  /**
   * A QEMU on this host.
   *
   * @param path absolute
   * @param version as it says: {@code 7.2.22}
   * @param has9p whether it can share directories itself
   */
  public record QemuBinary(Path path, String version, boolean has9p) {}

  /**
   * Whether QEMU can be kept to its own files here.
   *
   * @param proven one that was kept to them ran a guest
   * @param reads the files, and directories with all below them, that it reads whatever it runs
   * @param reason one clause for people: why it is not proven, or by what it is kept
   */
  public record ConfinementVerdict(boolean proven, List<Path> reads, String reason) {

    public ConfinementVerdict {
      reads = List.copyOf(reads);
    }

    /** That it cannot. */
    public static ConfinementVerdict none(String reason) {
      return new ConfinementVerdict(false, List.of(), reason);
    }
  }

  /**
   * Whether directories can be shared with guests over virtiofs here.
   *
   * @param virtiofsd what serves them, where there is one
   * @param reason one clause for people: why there is none, or why it is not isolated better
   */
  public record SharingVerdict(Optional<Virtiofsd> virtiofsd, String reason) {

    /** Nothing is known, for no node shares anything. */
    public static final SharingVerdict UNASKED =
        new SharingVerdict(Optional.empty(), "nobody has looked for a virtiofsd");
  }

  /**
   * Whether guests can use KVM here.
   *
   * @param proven a guest really ran on it, and fast
   * @param reason one clause for people: why it is not proven, or what proved it
   */
  public record KvmVerdict(boolean proven, String reason) {}
}
