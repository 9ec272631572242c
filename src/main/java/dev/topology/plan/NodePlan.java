package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target;
import dev.topology.model.Node;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.Readiness;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.guest.Greeting;
import dev.topology.plan.guest.Greeting.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How one node is launched.
 *
 * @param node what it is a plan of
 * @param qemu the binary it runs
 * @param accelerator KVM or TCG, never AUTO
 * @param arguments QEMU's exact arguments, without the program itself
 * @param sockets those that lead from its QEMU to this program; its arguments name none of them
 *     where it is booted alone
 * @param firmware where it is a PC with a UEFI, that
 * @param disks those that the user gives it; what is made of them for the run, QEMU inherits after
 *     its ends of cables
 * @param identityDisk where it is a PC, the number under which QEMU inherits the disk that tells
 *     its cloud-init who it is
 * @param boots the files that it boots from: kernel, initramfs, the disks of an image; absolute
 * @param confinement what QEMU may do on the host; empty where it may do what this user may
 * @param overlay what to write first, where the node has {@code files}, or QEMU must not get the
 *     initramfs that there is
 * @param shares how each of its shared directories is served
 * @param identity what tells the guest who it is, over {@code topology.control}
 * @param services those of its services that this program connects the guest to, by way of the
 *     agent in it; QEMU has the others in its arguments
 * @param ready when the node counts as ready
 * @param start how its guest comes to run
 * @param consoleLog where every byte of its console is kept; absolute
 * @param kernelLog where its kernel's log is kept, if it has a port of its own; absolute
 */
public record NodePlan(
    Node node,
    QemuBinary qemu,
    Accelerator accelerator,
    List<String> arguments,
    NodeSockets sockets,
    Optional<FirmwarePlan> firmware,
    List<DiskPlan> disks,
    OptionalInt identityDisk,
    List<Path> boots,
    Optional<Confinement> confinement,
    Optional<InitramfsOverlay> overlay,
    List<SharePlan> shares,
    Greeting identity,
    List<GuestService> services,
    ReadyWhen ready,
    Start start,
    Path consoleLog,
    Optional<Path> kernelLog) {

  public NodePlan {
    arguments = List.copyOf(arguments);
    shares = List.copyOf(shares);
    disks = List.copyOf(disks);
    boots = List.copyOf(boots);
    services = List.copyOf(services);
  }

  /** The node's name. */
  public String name() {
    return node.name();
  }

  /** The QEMU program and its exact arguments. */
  public List<String> commandLine() {
    return Stream.concat(Stream.of(qemu.path().toString()), arguments.stream()).toList();
  }

  /**
   * The files and directories of the host from which the guest gets something that stays as it is
   * while it runs. What is shared with it, and disks that it writes to, are not among them.
   */
  public List<Path> sources() {
    List<Path> sources = new ArrayList<>(boots);
    overlay.ifPresent(it -> it.files().forEach(file -> sources.add(file.hostPath())));
    disks.forEach(disk -> disk.unwrittenFiles().forEach(sources::add));
    node.pc()
        .ifPresent(
            pc -> {
              sources.addAll(pc.sshKeys());
              pc.userData().ifPresent(sources::add);
            });
    return sources;
  }

  /**
   * The lines that tell the guest who it is, without those that hold the moment of the start
   * (clock, seed) and without the closing {@code go}. Made anew at each call: every guest is told
   * of every other, so all lines together grow with the square of the number of nodes.
   */
  public List<String> greeting() {
    return identity.lines();
  }

  /** All that the guest is told before {@link Moment#GO}. */
  public List<String> greeting(Moment moment) {
    return start instanceof Start.Cloned clone
        ? identity.linesForClone(moment, clone.snapshot().macs())
        : Stream.concat(greeting().stream(), moment.lines().stream()).toList();
  }

  /**
   * An archive to make before the start: an initramfs, or what a clone unpacks once it goes on.
   *
   * @param base the initramfs that the files are laid over; without it they are all of it
   * @param files in order; a later one wins
   * @param result where to write it; absolute
   * @param isApart whether it has the files alone, for a clone, which has unpacked the base
   */
  public record InitramfsOverlay(
      Optional<Path> base, List<FileOverlay> files, Path result, boolean isApart) {

    public InitramfsOverlay {
      files = List.copyOf(files);
    }
  }

  /** The archive that has to be made before its start, if one has. */
  public Optional<InitramfsOverlay> archive() {
    return start instanceof Start.Restored ? Optional.empty() : overlay;
  }

  /** The archive with files that its guest, a clone, is to unpack before all else. */
  public Optional<Path> archiveForClone() {
    return overlay.filter(InitramfsOverlay::isApart).map(InitramfsOverlay::result);
  }

  /**
   * When a node counts as ready.
   *
   * @param signal what tells it
   * @param within how long it may take from the moment the guest runs
   */
  public record ReadyWhen(Signal signal, Duration within) {

    /** What tells that a node is ready. */
    public sealed interface Signal {

      /** The guest runs: all that can be told of an image that says nothing. */
      record Running() implements Signal {}

      /** The guest said {@code hello} over the control port, and can be saved. */
      record Hello() implements Signal {}

      /** The guest said {@code ready} over the control port. */
      record Control() implements Signal {}

      /** The condition that the user gave. */
      record Given(Readiness.Condition condition) implements Signal {}
    }
  }

  /**
   * What one node's QEMU may do on the host, beside what it inherits.
   *
   * @param reads files, and directories with all below them, that it may read
   * @param writes files, devices, and directories with all in them, that it may also write
   * @param owns directories in which it may also make and remove files and directories
   * @param connects the only TCP ports that it may connect to; any where this is empty
   */
  public record Confinement(
      List<Path> reads, List<Path> writes, List<Path> owns, Optional<List<Integer>> connects) {

    private static final Path NULL = Path.of("/dev/null");
    private static final Path KVM = Path.of("/dev/kvm");

    public Confinement {
      reads = List.copyOf(reads);
      writes = List.copyOf(writes);
      owns = List.copyOf(owns);
      connects = connects.map(List::copyOf);
    }

    /**
     * Why a node's QEMU cannot be confined, as a clause; empty if it can. {@code qemu_args} may
     * name any file.
     */
    static Optional<String> obstacle(Node node, GuestFacts facts) {
      if (!node.qemuArgs().isEmpty()) {
        return Optional.of("the node has qemu_args");
      }
      return facts.confinement().proven()
          ? Optional.empty()
          : Optional.of(facts.confinement().reason());
    }

    /** That of a node; none where it cannot be confined. */
    static Optional<Confinement> of(
        Node node,
        Boot boot,
        Start start,
        Optional<FirmwarePlan> firmware,
        List<DiskPlan> disks,
        List<SharePlan> shares,
        Accelerator accelerator,
        ServiceRoutes services,
        GuestFacts facts,
        PlanOptions options) {
      if (obstacle(node, facts).isPresent()) {
        return Optional.empty();
      }
      List<Path> reads = new ArrayList<>(facts.confinement().reads());
      boot.kernel().ifPresent(reads::add);
      boot.initramfs().ifPresent(reads::add);
      boot.modules().ifPresent(reads::add);
      boot.root().ifPresent(reads::add);
      firmware.ifPresent(it -> reads.add(it.files().code()));
      disks.stream().flatMap(DiskPlan::reads).forEach(reads::add);
      List<Path> writes = new ArrayList<>(List.of(NULL, LaunchPlan.pipes(options.runDirectory())));
      disks.stream().flatMap(DiskPlan::writes).forEach(writes::add);
      List<Path> owns = new ArrayList<>();
      shares.stream()
          .filter(SharePlan::isQemus)
          .map(SharePlan::directory)
          .forEach(it -> (it.writable() ? owns : reads).add(it.hostPath()));
      // What a guest writes stays its own, but QEMU opens the file for writing all the same.
      start.from().map(SavedGuest::memory).ifPresent(writes::add);
      if (accelerator == Accelerator.KVM) {
        writes.add(KVM);
      }
      boolean outside = node.hostNetwork().stream().anyMatch(HostNetwork::outside);
      return Optional.of(
          new Confinement(
              reads,
              writes,
              owns,
              outside ? Optional.empty() : Optional.of(ports(services.forwarded()))));
    }

    private static List<Integer> ports(List<GuestService> services) {
      return services.stream()
          .map(GuestService::target)
          .filter(Target.Tcp.class::isInstance)
          .map(target -> ((Target.Tcp) target).port())
          .toList();
    }
  }
}
