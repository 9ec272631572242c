package dev.topology.run;

import dev.topology.image.initramfs.OverlayWriter;
import dev.topology.image.initramfs.OverlayWriter.AddedFile;
import dev.topology.model.Cable;
import dev.topology.plan.CablePlan;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.InitramfsOverlay;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.cable.CableHost;
import dev.topology.run.cable.FrameSwitch;
import dev.topology.run.exec.StartCommands;
import dev.topology.run.node.Closing;
import dev.topology.run.node.NodePorts;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeSignals;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one run, and all that connects them. It does what the coordinator decides.
 *
 * <p>All of them are in the process group of a reaper, which kills them when this JVM dies. Changed
 * by the coordinator's thread alone; any thread may look.
 */
final class NodeProcesses implements AutoCloseable {

  /** The base of an overlay where a node boots a kernel without an initramfs. */
  private static final Path NOTHING = Path.of("/dev/null");

  private final LaunchPlan plan;
  private final RunListener listener;
  private final Reaper reaper;
  private final Map<String, NodeRun> current = new ConcurrentHashMap<>();
  private final Map<NodeRun, StartCommands> startCommands = new ConcurrentHashMap<>();
  private final Map<String, FrameSwitch> switches = new LinkedHashMap<>();
  private final Map<String, CableHost> cables = new LinkedHashMap<>();
  private @Nullable RunDisks disks;

  private NodeProcesses(LaunchPlan plan, RunListener listener, Reaper reaper) {
    this.plan = plan;
    this.listener = listener;
    this.reaper = reaper;
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
      processes.openSockets();
      processes.disks = RunDisks.make(plan.nodes(), processes.reaper);
      processes.startCables();
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

  private void openSockets() {
    try {
      for (NodePlan node : plan.nodes()) {
        current.put(node.name(), new NodeRun(node, NodePorts.open(node)));
      }
      plan.topology().switches().forEach(it -> switches.put(it.name(), new FrameSwitch(it.name())));
      Path pipes = LaunchPlan.pipes(plan.runDirectory());
      for (CablePlan cable : plan.cables()) {
        cables.put(cable.cable().name(), CableHost.open(cable, cables.size(), pipes, switches));
      }
      for (FrameSwitch each : switches.values()) {
        each.start();
      }
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make " + plan.sockets().count() + " socketpairs: " + Reasons.of(e),
          "allow more open files (ulimit -n), or run fewer nodes",
          e);
    }
  }

  private void startCables() {
    Path pipes = LaunchPlan.pipes(plan.runDirectory());
    try {
      if (!cables.isEmpty()) {
        // A directory of their own, since QEMUs may open what is in it.
        Files.createDirectories(pipes);
      }
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make " + pipes + ": " + Reasons.of(e),
          Reasons.remedy(e, "choose another place with XDG_RUNTIME_DIR"),
          e);
    }
    cables.values().forEach(CableHost::start);
  }

  /** The node of that name, which has to be one of the plan's, in its current run. */
  NodeRun node(String name) {
    return Objects.requireNonNull(current.get(name), name);
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
    node.plan().overlay().ifPresent(NodeProcesses::write);
    node.spawn(inheritedBy(node.name()), reaper, signals);
  }

  /** Writes the initramfs of a node that has {@code files}. */
  private static void write(InitramfsOverlay overlay) {
    List<AddedFile> files =
        overlay.files().stream()
            .map(file -> new AddedFile(file.guestPath(), file.hostPath()))
            .toList();
    try {
      OverlayWriter.write(overlay.base().orElse(NOTHING), files, overlay.result());
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
    return Stream.concat(
            cables.values().stream().flatMap(cable -> cable.endsAt(node)),
            Objects.requireNonNull(disks).of(node).stream())
        .toList();
  }

  /** Lets a node's guest run. */
  void resume(NodeRun node) {
    cables.values().forEach(cable -> cable.beforeStart(node.name(), node.ports().qmp()));
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
    for (CableHost cable : cables.values()) {
      cable.unplug(node.name());
    }
  }

  /**
   * Makes ready for another QEMU of a node whose last one has gone, on the same cables.
   *
   * @throws LaunchException if the host refuses
   */
  NodeRun renew(NodeRun last) {
    Closing closing = new Closing();
    closeStartCommands(last, closing);
    closing.close(last);
    closing.finish();
    try {
      for (CableHost cable : cables.values()) {
        cable.plugIn(last.name());
      }
      NodeRun next = last.next();
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

  /** The host's side of a cable. */
  CableHost hostOf(Cable cable) {
    return Objects.requireNonNull(cables.get(cable.name()));
  }

  /**
   * Reports when a capture that a file asks for cannot go on, such as for a full disk, or when a
   * cable leads out of the topology no more: no reason to end the run.
   *
   * @param warning takes the node or switch whose cable it is, and what to say; called by any
   *     thread
   */
  void onLost(BiConsumer<String, String> warning) {
    cables.values().forEach(cable -> cable.onLost(warning));
  }

  /** Reports, by any thread, when a cable or a switch carries nothing any more, which is a bug. */
  void onCableBroken(Consumer<Throwable> crash) {
    cables.values().forEach(cable -> cable.onBroken(crash));
    for (FrameSwitch each : switches.values()) {
      var unused = each.broken().thenAccept(crash);
    }
  }

  /** Completes when the reaper has gone: nothing would end the QEMUs if this process died. */
  CompletableFuture<ExitStatus> guardLost() {
    return reaper.exit();
  }

  /** The report of a node that has failed. */
  FailureReport report(NodeRun node) {
    return FailureReport.of(node);
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
    // Once no guest sends any more, so that captures are whole.
    switches.values().forEach(closing::close);
    cables.values().forEach(closing::close);
    if (disks != null) {
      closing.close(disks);
    }
    closing.close(reaper);
    closing.finish();
  }
}
