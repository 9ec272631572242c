package dev.topology.run;

import dev.topology.image.initramfs.OverlayWriter;
import dev.topology.image.initramfs.OverlayWriter.AddedFile;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.InitramfsOverlay;
import dev.topology.plan.PlanChange.NodeEnds;
import dev.topology.plan.PlanComparison;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.exec.StartCommands;
import dev.topology.run.node.Closing;
import dev.topology.run.node.NodePorts;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeSignals;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The processes of one run, and all that connects them. It does what the coordinator decides.
 *
 * <p>All of them are in the process group of a reaper, which kills them when this JVM dies. Changed
 * by the coordinator's thread alone; any thread may look.
 */
final class NodeProcesses implements AutoCloseable {

  /** The base of an overlay where a node boots a kernel without an initramfs. */
  private static final Path NOTHING = Path.of("/dev/null");

  private final RunListener listener;
  private final Reaper reaper;
  private final Map<String, NodeRun> current = new ConcurrentHashMap<>();
  private final Map<NodeRun, StartCommands> startCommands = new ConcurrentHashMap<>();
  private final Map<String, NodeDisks> disks = new ConcurrentHashMap<>();
  private final Cabling cabling;

  /** What another plan needs besides, until it is carried out. */
  private final Map<String, NodeRun> comingNodes = new LinkedHashMap<>();

  private final Map<String, NodeDisks> comingDisks = new LinkedHashMap<>();
  private volatile LaunchPlan plan;
  private volatile Optional<Revival> revival = Optional.empty();

  private NodeProcesses(LaunchPlan plan, RunListener listener, Reaper reaper) {
    this.plan = plan;
    this.listener = listener;
    this.reaper = reaper;
    this.cabling = new Cabling(plan.runDirectory());
  }

  /**
   * Makes the sockets of a plan and the reaper, and starts its switches and the shapers and
   * captures of its cables; no QEMU yet.
   *
   * @throws LaunchException if the host refuses
   */
  static NodeProcesses prepare(LaunchPlan plan, RunListener listener) {
    NodeProcesses processes = new NodeProcesses(plan, listener, startReaper());
    try {
      processes.prepare(plan, PlanComparison.FROM_NOTHING, Map.of());
      List<LaunchException> problems = processes.become(plan, PlanComparison.FROM_NOTHING);
      if (!problems.isEmpty()) {
        throw problems.get(0);
      }
      processes.revival =
          plan.saved().map(it -> Revival.begin(it, processes.nodes(), processes.cabling));
      return processes;
    } catch (LaunchException e) {
      processes.close();
      throw e;
    }
  }

  private static Reaper startReaper() {
    try {
      return Reaper.start();
    } catch (IOException e) {
      throw new LaunchException(
          "cannot start the process that ends QEMU when this one dies: " + Reasons.of(e),
          Reasons.remedy(e, "see whether /bin/sh runs"),
          e);
    }
  }

  /** What this run goes on from, if it does. */
  Optional<Revival> revival() {
    return revival;
  }

  /** The plan that is carried out. */
  LaunchPlan plan() {
    return plan;
  }

  /** The cables and switches. */
  Cabling cabling() {
    return cabling;
  }

  /**
   * Makes all that another plan needs and that can fail, without touching what runs.
   *
   * @param changedFiles the sources of nodes that are not what they were at their start, by node
   * @throws LaunchException if the host refuses; nothing is left of it then
   */
  void prepare(LaunchPlan other, PlanComparison changes, Map<String, List<Path>> changedFiles) {
    Set<String> started = changes.started();
    try {
      for (NodePlan node : other.nodes()) {
        NodeDisks former = disks.get(node.name());
        if (!current.containsKey(node.name())) {
          NodePlan startable = NodeRun.startable(node);
          comingNodes.put(node.name(), new NodeRun(startable, NodePorts.open(startable)));
        }
        if (former == null) {
          comingDisks.put(node.name(), NodeDisks.make(node, reaper));
        } else if (started.contains(node.name())) {
          List<Path> changed = changedFiles.getOrDefault(node.name(), List.of());
          comingDisks.put(node.name(), former.makeAgain(node, changed));
        }
      }
      cabling.prepare(other, changes);
    } catch (IOException e) {
      abandon();
      throw new LaunchException(
          "cannot make " + other.sockets().count() + " socketpairs: " + Reasons.of(e),
          "allow more open files (ulimit -n), or run fewer nodes",
          e);
    } catch (LaunchException e) {
      abandon();
      throw e;
    }
  }

  /** Closes what was prepared. */
  private void abandon() {
    Closing closing = new Closing();
    comingNodes.values().forEach(closing::close);
    comingDisks.forEach(
        (node, its) ->
            closing.close(
                () -> {
                  NodeDisks present = disks.get(node);
                  if (present == null) {
                    its.close();
                  } else {
                    its.closeUnlessIn(present);
                  }
                }));
    comingNodes.clear();
    comingDisks.clear();
    closing.close(cabling::abandon);
    closing.finish();
  }

  /**
   * Carries out a plan that was prepared, as far as it can without a QEMU. Those that the changes
   * end or start have gone; the latter get another run, to be spawned.
   *
   * @return what could not be done
   */
  List<LaunchException> become(LaunchPlan other, PlanComparison changes) {
    List<LaunchException> problems = cabling.become(other, changes, this::node);
    Set<String> started = changes.started();
    changes.each(NodeEnds.class).forEach(it -> retire(node(it.node())));
    current.putAll(comingNodes);
    comingDisks.forEach(
        (node, its) -> {
          NodeDisks former = disks.put(node, its);
          if (former != null) {
            former.closeUnlessIn(its);
          }
        });
    for (NodePlan node : other.nodes()) {
      if (comingNodes.containsKey(node.name())) {
        continue;
      }
      if (started.contains(node.name())) {
        try {
          renew(node(node.name()), NodeRun.startable(node));
        } catch (LaunchException e) {
          // It stays ended, and `topology restart` starts it by the plan that holds now.
          node(node.name()).become(node);
          problems.add(e);
        }
      } else {
        node(node.name()).become(node);
      }
    }
    comingNodes.clear();
    comingDisks.clear();
    plan = other;
    return problems;
  }

  /** A node is there no more; what it has printed still can be read. */
  private void retire(NodeRun last) {
    Closing closing = new Closing();
    closeStartCommands(last, closing);
    closing.close(last);
    closing.close(last.ports().relayed());
    NodeDisks its = disks.remove(last.name());
    if (its != null) {
      closing.close(its);
    }
    closing.finish();
  }

  /** The node of that name, which is one of the plan's or was one, in its latest run. */
  NodeRun node(String name) {
    return Objects.requireNonNull(current.get(name), name);
  }

  /** Whether there is a node of that name, or was one. */
  boolean knows(String name) {
    return current.containsKey(name);
  }

  /** All nodes in their current runs, in the order of the file. */
  List<NodeRun> nodes() {
    return plan.nodes().stream().map(node -> node(node.name())).toList();
  }

  /**
   * Spawns a node's QEMU, paused.
   *
   * @throws LaunchException if that fails, or a file that it needs cannot be written
   */
  void spawn(NodeRun node, NodeSignals signals) {
    if (node.ports().isFirst()) {
      listener.opened(node.ports().console());
    }
    node.plan().archive().ifPresent(NodeProcesses::write);
    node.spawn(inheritedBy(node.name()), reaper, signals);
  }

  /** Writes the initramfs of a node that has {@code files}, or what a clone unpacks of them. */
  private static void write(InitramfsOverlay overlay) {
    List<AddedFile> files =
        overlay.files().stream()
            .map(file -> new AddedFile(file.guestPath(), file.hostPath()))
            .toList();
    try {
      Path base = overlay.base().orElse(NOTHING);
      if (overlay.isApart()) {
        OverlayWriter.writeApart(base, files, overlay.result());
      } else {
        OverlayWriter.write(base, files, overlay.result());
      }
    } catch (IOException e) {
      throw new LaunchException(
          "cannot lay its files over its initramfs: " + Reasons.of(e),
          "see that the files can be read and that there is room in "
              + overlay.result().getParent(),
          e);
    }
  }

  /** What outlives a QEMU: the ends of its cables, and what its guest wrote to disks. */
  private List<Inherited> inheritedBy(String node) {
    return Stream.concat(cabling.endsAt(node), Objects.requireNonNull(disks.get(node)).inherited())
        .toList();
  }

  /** Lets a node's guest run. */
  void resume(NodeRun node) {
    cabling.beforeStart(node);
    node.resume();
  }

  /** Runs in a node's guest what has to succeed there first; begins once for each run of a node. */
  void runStartCommands(NodeRun node, StartCommands.Listener listener) {
    startCommands.computeIfAbsent(node, it -> StartCommands.start(node, listener));
  }

  /**
   * Notes that a node's QEMU has gone: what comes to it over its cables goes nowhere until the
   * next.
   *
   * @throws IOException if its cables cannot be made to drop what comes: its neighbours are held
   *     back then
   */
  void unplug(NodeRun node) throws IOException {
    cabling.unplug(node.name());
  }

  /**
   * Makes ready for another QEMU of a node whose last one has gone, on the same cables.
   *
   * @throws LaunchException if the host refuses
   */
  NodeRun renew(NodeRun last) {
    return renewed(last, last::next);
  }

  private void renew(NodeRun last, NodePlan other) {
    renewed(last, () -> last.next(other));
  }

  /** Makes the run that follows on another one. */
  @FunctionalInterface
  private interface Succession {
    NodeRun next() throws IOException;
  }

  private NodeRun renewed(NodeRun last, Succession succession) {
    Closing closing = new Closing();
    closeStartCommands(last, closing);
    closing.close(last);
    closing.finish();
    try {
      cabling.plugIn(last.name());
      NodeRun next = succession.next();
      current.put(next.name(), next);
      return next;
    } catch (IOException e) {
      unplugAgain(last, e);
      throw new LaunchException(
          "cannot make the sockets of " + last.name() + " anew: " + Reasons.of(e),
          "allow more open files (ulimit -n), or run fewer nodes",
          e);
    }
  }

  private void closeStartCommands(NodeRun node, Closing closing) {
    StartCommands commands = startCommands.remove(node);
    if (commands != null) {
      closing.close(commands);
    }
  }

  private void unplugAgain(NodeRun last, IOException reason) {
    try {
      unplug(last);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Completes when the reaper has gone: nothing would end the QEMUs if this process died. */
  CompletableFuture<ExitStatus> guardLost() {
    return reaper.exit();
  }

  /**
   * Closes consoles, what watches QEMUs, switches, shapers, sockets and the reaper, which kills
   * what is still there.
   */
  @Override
  public void close() {
    Closing closing = new Closing();
    List.copyOf(startCommands.keySet()).forEach(node -> closeStartCommands(node, closing));
    current.values().forEach(closing::close);
    current.values().forEach(node -> closing.close(node.ports().relayed()));
    revival.ifPresent(closing::close);
    // Once no guest sends any more, so that captures are whole.
    closing.close(this::abandon);
    closing.close(cabling);
    disks.values().forEach(closing::close);
    closing.close(reaper);
    closing.finish();
  }
}
