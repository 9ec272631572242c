package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.CablePlan.CableEnds;
import dev.topology.plan.CablePlan.CableEnds.NumberedEnd;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.KvmVerdict;
import dev.topology.plan.NodePlan.Confinement;
import dev.topology.plan.NodePlan.ReadyWhen;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.guest.Greetings;
import dev.topology.plan.guest.ShareFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides how a topology is brought up on a host.
 *
 * <p>Pure: the same topology, facts and options give an equal plan, to the byte. Takes time and
 * space in proportion to the topology.
 */
public final class Planner {

  private static final Duration KVM_BASE = Duration.ofSeconds(30);
  private static final Duration KVM_PER_NODE = Duration.ofSeconds(1);
  private static final Duration TCG_BASE = Duration.ofMinutes(2);
  private static final Duration TCG_PER_NODE = Duration.ofSeconds(4);

  /** A distribution's own system, with cloud-init, takes that much longer to boot than ours. */
  private static final int TIMES_FOR_PC = 5;

  private final Topology topology;
  private final HostFacts facts;
  private final PlanOptions options;
  private final Map<String, NodeSockets> sockets = new HashMap<>();
  private final CableEnds cableEnds;
  private final Greetings greetings;

  private Planner(Topology topology, HostFacts facts, PlanOptions options) {
    this.topology = topology;
    this.facts = facts;
    this.options = options;
    for (Node node : topology.nodes()) {
      sockets.put(
          node.name(),
          NodeSockets.of(
              node,
              options.kernelLogApart() && node.pc().isEmpty(),
              snapshot(node).isPresent(),
              fileSystem(node).filter(it -> it == ShareFileSystem.VIRTIOFS).isPresent()));
    }
    this.cableEnds = new CableEnds(topology, sockets);
    this.greetings = new Greetings(topology);
  }

  /**
   * The plan of a topology.
   *
   * @throws PlanException if this host cannot run it: it asks for KVM where no guest was proven to
   *     run on it, or for an image that is not there
   */
  public static LaunchPlan plan(Topology topology, HostFacts facts, PlanOptions options)
      throws PlanException {
    return new Planner(topology, facts, options).plan();
  }

  /**
   * How one node of a topology is booted alone, by a shell.
   *
   * @param node of the topology
   * @throws PlanException if this host cannot run that node
   */
  public static StandalonePlan standalone(
      Topology topology, HostFacts facts, PlanOptions options, Node node) throws PlanException {
    NodePlan plan = new Planner(topology, facts, options).node(node, Wiring.STANDALONE);
    return new StandalonePlan(topology.name(), plan);
  }

  private LaunchPlan plan() throws PlanException {
    List<NodePlan> nodes = new ArrayList<>();
    for (Node node : topology.nodes()) {
      NodePlan plan = node(node, Wiring.INHERITED);
      nodes.add(options.saved().isPresent() ? restored(plan, options.saved().get()) : plan);
    }
    return new LaunchPlan(
        topology,
        options.runDirectory(),
        nodes,
        cableEnds.plans(),
        options.saved(),
        /* isPart= */ false);
  }

  private NodePlan node(Node node, Wiring wiring) throws PlanException {
    NodeSockets its = Objects.requireNonNull(sockets.get(node.name()));
    return node(node, wiring, its, start(node, wiring, its));
  }

  /** The same, but it goes on from where it was; all else has the numbers that it has otherwise. */
  private NodePlan restored(NodePlan again, SavedRun run) throws PlanException {
    Node node = again.node();
    int number = firstDiskNumber(node) + again.disks().size() + 1;
    NodeSockets its = again.sockets().withState(node.name(), number);
    return node(node, Wiring.INHERITED, its, new Start.Restored(run.guest(node.name()), again));
  }

  /** After the ends of its cables. */
  private int firstDiskNumber(Node node) {
    NodeSockets its = Objects.requireNonNull(sockets.get(node.name()));
    return its.firstCableNumber() + cableEnds.endsOf(node.name()).size();
  }

  private NodePlan node(Node node, Wiring wiring, NodeSockets its, Start start)
      throws PlanException {
    GuestFacts ofGuest = facts.of(node.architecture());
    Accelerator accelerator = accelerator(node, ofGuest.kvm());
    Boot boot = Boot.of(node, facts, options, start instanceof Start.Cloned);
    ServiceRoutes services = wiring.services(node, boot);
    List<NumberedEnd> ends = cableEnds.endsOf(node.name());
    List<DiskPlan> disks = DiskPlan.of(node, facts, firstDiskNumber(node));
    int afterDisks =
        firstDiskNumber(node)
            + (int) disks.stream().filter(it -> it.descriptor().isPresent()).count();
    OptionalInt identity = node.pc().isPresent() ? OptionalInt.of(afterDisks) : OptionalInt.empty();
    Optional<FirmwarePlan> firmware = FirmwarePlan.of(node, facts, afterDisks + 1);
    List<SharePlan> shares = SharePlan.of(node, its, wiring, facts);
    return new NodePlan(
        node,
        ofGuest.qemu(),
        accelerator,
        new NodeArguments(node, ends, wiring, its, firmware, disks, identity, shares, start)
            .list(topology.name(), boot, accelerator, ofGuest, services.forwarded()),
        its,
        firmware,
        disks,
        identity,
        boot.files().toList(),
        Confinement.of(
            node, boot, start, firmware, disks, shares, accelerator, services, ofGuest, options),
        boot.overlay(),
        shares,
        greetings.of(node, services.relayed(), fileSystem(node)),
        services.relayed(),
        ready(node, boot, accelerator),
        start,
        options.consoleLog(node.name()),
        node.pc().isPresent() ? Optional.empty() : options.kernelLog(node.name()));
  }

  /** How its directories are shared, if it has some and they can be. */
  private Optional<ShareFileSystem> fileSystem(Node node) {
    return node.shares().isEmpty() ? Optional.empty() : new ShareOptions(node, facts).best();
  }

  private Start start(Node node, Wiring wiring, NodeSockets its) throws PlanException {
    if (options.untold()) {
      return new Start.Untold();
    }
    Start booted = new Start.Booted();
    Optional<Snapshot> snapshot = snapshot(node);
    return snapshot.isEmpty()
        ? booted
        : new Start.Cloned(snapshot.get(), node(node, wiring, its, booted));
  }

  /** A guest whose kernel has a port of its own is another machine than those that are saved. */
  private Optional<Snapshot> snapshot(Node node) {
    return options.kernelLogApart() || options.saved().isPresent()
        ? Optional.empty()
        : Optional.ofNullable(facts.snapshots().get(node.name()));
  }

  /** What executes a node's instructions on this host. */
  private static Accelerator accelerator(Node node, KvmVerdict kvm) throws PlanException {
    boolean proven = kvm.proven();
    if (node.accelerator() == Accelerator.KVM && !proven) {
      throw new PlanException(
          ("node \"%s\" asks for `accel: kvm`, but no guest was proven to run on KVM here: %s. Say"
                  + " `accel: auto` to fall back to emulation; `topology doctor` tells more.")
              .formatted(node.name(), kvm.reason()));
    }
    return node.accelerator() != Accelerator.TCG && proven ? Accelerator.KVM : Accelerator.TCG;
  }

  /**
   * When a node counts as ready, and how long it may take unless the user says: a fixed time, many
   * times what a boot takes, and a share for each node of the topology, as they may all boot at
   * once on few processors (16 guests under TCG on two of them: 13.5 s).
   */
  private ReadyWhen ready(Node node, Boot boot, Accelerator accelerator) {
    Signal signal =
        options.untold()
            ? new Signal.Hello()
            : node.readiness()
                .condition()
                .<Signal>map(Signal.Given::new)
                .orElseGet(
                    () -> boot.speaksControl() ? new Signal.Control() : new Signal.Running());
    Duration usual =
        accelerator == Accelerator.KVM
            ? KVM_BASE.plus(KVM_PER_NODE.multipliedBy(topology.nodes().size()))
            : TCG_BASE.plus(TCG_PER_NODE.multipliedBy(topology.nodes().size()));
    int times = node.pc().isPresent() ? TIMES_FOR_PC : 1;
    return new ReadyWhen(signal, node.readiness().within().orElse(usual.multipliedBy(times)));
  }

  /**
   * A valid topology cannot be run on this host. The message says why, and what the user can do.
   */
  public static final class PlanException extends Exception {

    private static final long serialVersionUID = 1;

    public PlanException(String message) {
      super(message);
    }
  }

  /**
   * What the caller decides about a plan, beside the topology and the host.
   *
   * @param runDirectory absolute; where console logs and overlaid initramfs files will go
   * @param kernelLogApart whether what a guest's kernel says goes to a port of its own rather than
   *     to the console, where it may come in the middle of a word that a test waits for. That port
   *     is {@code /dev/hvc1}, a second virtio console, after all of the node's other ports; the
   *     kernel has {@code console=hvc1}, so its messages, those of a panic included, go there, and
   *     so does what is written to {@code /dev/console}. Whatever an image runs on {@code
   *     /dev/hvc0} has that to itself.
   * @param untold whether the guests are to be saved rather than told who they are
   * @param saved the run that all nodes go on from, if any
   */
  public record PlanOptions(
      Path runDirectory, boolean kernelLogApart, boolean untold, Optional<SavedRun> saved) {

    public PlanOptions {
      if (!runDirectory.isAbsolute()) {
        throw new IllegalArgumentException("not absolute: " + runDirectory);
      }
    }

    /** Kernel logs on the consoles, as on most machines. */
    public PlanOptions(Path runDirectory) {
      this(runDirectory, false, false, Optional.empty());
    }

    /** The same in another directory. */
    public PlanOptions in(Path directory) {
      return new PlanOptions(directory, kernelLogApart, untold, saved);
    }

    /** The same, with each guest's kernel log on a port of its own. */
    public PlanOptions withKernelLogApart() {
      return new PlanOptions(runDirectory, true, untold, saved);
    }

    /** The same, with guests that are to be saved rather than told who they are. */
    public PlanOptions tellingNothing() {
      return new PlanOptions(runDirectory, kernelLogApart, true, saved);
    }

    /** The same, with nodes that go on from where they were when their run was saved. */
    public PlanOptions restoring(SavedRun run) {
      return new PlanOptions(runDirectory, kernelLogApart, untold, Optional.of(run));
    }

    /** {@code RUN/NODE.console}. */
    Path consoleLog(String node) {
      return runDirectory.resolve(node + ".console");
    }

    /** {@code RUN/NODE.kernel}, where the kernel log is kept apart. */
    Optional<Path> kernelLog(String node) {
      return kernelLogApart
          ? Optional.of(runDirectory.resolve(node + ".kernel"))
          : Optional.empty();
    }

    /** {@code RUN/NODE.files}, of a clone. */
    Path files(String node) {
      return runDirectory.resolve(node + ".files");
    }

    /** {@code RUN/NODE.initramfs}. */
    Path initramfs(String node) {
      return runDirectory.resolve(node + ".initramfs");
    }
  }
}
