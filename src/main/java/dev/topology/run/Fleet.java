package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.console.Mark;
import dev.topology.model.Cable;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.posix.Signal;
import dev.topology.run.cable.CableHost;
import dev.topology.run.node.Closing;
import dev.topology.run.node.FailureCause;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.LaunchException;
import dev.topology.run.node.NodePorts;
import dev.topology.run.node.NodeProcess;
import dev.topology.run.node.NodeSignals;
import dev.topology.run.node.Sockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The processes of one run, and all that connects them. It does what the coordinator decides.
 *
 * <p>All of them are in the process group of a reaper, which outlives this JVM by the moment it
 * takes to kill them.
 */
final class Fleet implements AutoCloseable {

  private final LaunchPlan plan;
  private final Sockets sockets;
  private final Reaper reaper;
  private final RunListener listener;
  private final Map<String, CableHost> cables = new LinkedHashMap<>();
  private final Map<String, NodePorts> ports = new ConcurrentHashMap<>();
  private final Map<String, List<HostPort>> formerHostPorts = new HashMap<>();
  private final Map<String, NodeProcess> processes = new ConcurrentHashMap<>();
  private final Set<String> alive = new HashSet<>();

  private Fleet(LaunchPlan plan, Sockets sockets, Reaper reaper, RunListener listener) {
    this.plan = plan;
    this.sockets = sockets;
    this.reaper = reaper;
    this.listener = listener;
    prepareCables();
    plan.nodes().forEach(node -> ports.put(node.name(), new NodePorts(node, sockets)));
  }

  private void prepareCables() {
    try {
      Path pipes = preparePipes();
      for (Cable cable : plan.topology().cables()) {
        int number = cables.size();
        cables.put(cable.name(), CableHost.prepare(cable, number, pipes, sockets));
      }
    } catch (LaunchException e) {
      Closing closing = new Closing();
      cables.values().forEach(closing::close);
      closing.close(sockets);
      closing.close(reaper);
      throw e;
    }
  }

  /** A directory of their own, since QEMUs may open what is in it. */
  private Path preparePipes() {
    Path pipes = LaunchPlan.pipes(plan.runDirectory());
    try {
      if (!plan.topology().cables().isEmpty()) {
        Files.createDirectories(pipes);
      }
      return pipes;
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make " + pipes + ": " + Reasons.of(e),
          Reasons.remedy(e, "choose another place with XDG_RUNTIME_DIR"),
          e);
    }
  }

  /**
   * Makes the sockets of a plan and the reaper, and starts the shapers and captures of its cables;
   * no QEMU yet.
   *
   * @throws LaunchException if the host refuses
   */
  static Fleet prepare(LaunchPlan plan, RunListener listener) {
    Sockets sockets = Sockets.of(plan.sockets());
    try {
      return new Fleet(plan, sockets, Reaper.start(), listener);
    } catch (IOException e) {
      sockets.close();
      throw new LaunchException(
          "cannot start the process that ends QEMU when this one dies: " + Reasons.of(e),
          Reasons.remedy(e, "see whether /bin/sh runs"),
          e);
    }
  }

  /**
   * Spawns a node's QEMU, paused.
   *
   * @throws LaunchException if that fails
   */
  void spawn(NodePlan node, NodeSignals signals) {
    NodePorts itsPorts = portsOf(node.name());
    List<HostPort> former = formerHostPorts.getOrDefault(node.name(), List.of());
    if (itsPorts.start().equals(Mark.START)) {
      listener.opened(itsPorts.console());
    }
    processes.put(
        node.name(),
        NodeProcess.spawn(plan.qemu(), node, sockets, reaper, itsPorts, former, signals));
    alive.add(node.name());
  }

  /**
   * Makes ready for another QEMU of a node whose last one has gone.
   *
   * @param hostPorts what the last one's were; the next gets the same, where they are free
   * @return the host's ends of what leads to it
   * @throws LaunchException if the host refuses
   */
  NodePorts renew(NodePlan node, List<HostPort> hostPorts) {
    Closing closing = new Closing();
    NodePorts last = portsOf(node.name());
    Optional.ofNullable(processes.remove(node.name())).ifPresent(closing::close);
    closing.close(last);
    closing.finish();
    sockets.renew(node.name());
    NodePorts next = last.renewed(sockets);
    ports.put(node.name(), next);
    if (!hostPorts.isEmpty()) {
      formerHostPorts.put(node.name(), hostPorts);
    }
    return next;
  }

  /** The host's ends of what leads to a node. */
  NodePorts portsOf(String node) {
    return Objects.requireNonNull(ports.get(node));
  }

  /** What this process has to do with a cable. */
  CableHost hostOf(Cable cable) {
    return Objects.requireNonNull(cables.get(cable.name()));
  }

  /**
   * Has it said when a capture that a file asks for cannot go on, such as for a full disk: no
   * reason to end the run.
   *
   * @param warning takes the node whose cable it is, and what to say; called by any thread
   */
  void onCaptureLost(BiConsumer<String, String> warning) {
    cables.values().forEach(cable -> cable.onCaptureLost(warning));
  }

  /** Has it said when a cable carries nothing any more, which is a bug; by any thread. */
  void onCableBroken(Consumer<Throwable> crash) {
    cables.values().forEach(cable -> cable.onBroken(crash));
  }

  /** Completes when nothing would end the QEMUs any more should this process die. */
  CompletableFuture<ExitStatus> guardLost() {
    return reaper.exit();
  }

  /** Lets a node's guest run. */
  void resume(String node) {
    cables.values().forEach(cable -> cable.beforeStart(node, portsOf(node).qmp()));
    process(node).resume();
  }

  /**
   * Notes that a node's QEMU has ended.
   *
   * @throws IOException if its cables cannot be made to drop what comes for it: its neighbours are
   *     held back then
   */
  void gone(String node) throws IOException {
    alive.remove(node);
    sockets.unplugged(node);
  }

  boolean isGone() {
    return alive.isEmpty();
  }

  void terminateAll() {
    signalAll(Signal.TERM);
  }

  void killAll() {
    signalAll(Signal.KILL);
  }

  /** Ends a node as if its power were cut. */
  void kill(String node) {
    process(node).signal(Signal.KILL);
  }

  /** Asks a node's QEMU to end. */
  void terminate(String node) {
    process(node).signal(Signal.TERM);
  }

  /** The process that is a node's QEMU; none before its first. */
  Optional<Long> pidOf(String node) {
    return Optional.ofNullable(processes.get(node)).map(NodeProcess::pid);
  }

  private void signalAll(Signal signal) {
    alive.forEach(node -> process(node).signal(signal));
  }

  /** What a node's QEMU wrote to standard output and error. */
  GuestText stderrOf(String node) {
    NodeProcess process = processes.get(node);
    return process == null ? GuestText.lines("") : process.stderr();
  }

  FailureReport report(NodePlan node, FailureCause cause, Duration after) {
    NodePorts itsPorts = portsOf(node.name());
    return new FailureReport(
        node.name(),
        cause,
        after,
        LastWords.of(itsPorts.console(), cause),
        LastWords.ofKernel(itsPorts.boot(), itsPorts.kernelLog(), cause),
        stderrOf(node.name()),
        node.consoleLog(),
        commandLine(node));
  }

  /** The QEMU program and its exact arguments. */
  List<String> commandLine(NodePlan node) {
    List<String> commandLine = new ArrayList<>();
    commandLine.add(plan.qemu().path().toString());
    commandLine.addAll(node.arguments());
    return List.copyOf(commandLine);
  }

  private NodeProcess process(String node) {
    NodeProcess process = processes.get(node);
    if (process == null) {
      throw new IllegalStateException("never spawned: " + node);
    }
    return process;
  }

  /**
   * Closes consoles, conversations, shapers, sockets and the reaper, which kills what is still
   * there.
   */
  @Override
  public void close() {
    Closing closing = new Closing();
    processes.values().forEach(closing::close);
    ports.values().forEach(closing::close);
    ports.values().forEach(itsPorts -> closing.close(itsPorts.relayed()));
    // Once no guest sends any more, so that captures are whole.
    cables.values().forEach(closing::close);
    closing.close(sockets);
    closing.close(reaper);
    closing.finish();
  }
}
