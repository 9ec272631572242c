package dev.topology.run;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.model.Shaping;
import dev.topology.plan.CablePlan;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.PlanChange.CableCaptured;
import dev.topology.plan.PlanChange.CableShaped;
import dev.topology.plan.PlanChange.ShaperChanged;
import dev.topology.plan.PlanComparison;
import dev.topology.plan.qemu.Netdev;
import dev.topology.posix.Reasons;
import dev.topology.run.cable.CableHost;
import dev.topology.run.cable.FrameSwitch;
import dev.topology.run.node.Closing;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The host's sides of all cables of a run, and its switches. Changed by the coordinator's thread
 * alone; any thread may look.
 */
final class Cabling implements AutoCloseable {

  private final Path pipes;
  private volatile Map<String, CableHost> cables = Map.of();
  private volatile Map<String, FrameSwitch> switches = Map.of();

  /** What another plan needs besides, made before it is carried out. */
  private final Map<String, CableHost> comingCables = new LinkedHashMap<>();

  private final Map<String, FrameSwitch> comingSwitches = new LinkedHashMap<>();
  private int opened;
  private final CompletableFuture<BiConsumer<String, String>> lossListener =
      new CompletableFuture<>();
  private final CompletableFuture<Throwable> broken = new CompletableFuture<>();

  /** The cabling of a run that has no cables yet. */
  Cabling(Path runDirectory) {
    this.pipes = LaunchPlan.pipes(runDirectory);
  }

  /**
   * Reports when a capture that a file asks for cannot go on, such as for a full disk, or when a
   * cable leads out of the topology no more: no reason to end the run.
   *
   * @param warning takes the node or switch whose cable it is, and what to say; called by any
   *     thread
   */
  void onLost(BiConsumer<String, String> warning) {
    lossListener.complete(warning);
  }

  /** Completes when a cable or a switch carries nothing any more, which is a bug. */
  CompletableFuture<Throwable> broken() {
    return broken;
  }

  /**
   * Makes the cables and switches of a plan that are not there yet; they are taken into use by
   * {@link #become}.
   *
   * @throws IOException if descriptors run out: some are made, until {@link #abandon}
   * @throws LaunchException if the host refuses, likewise
   */
  void prepare(LaunchPlan plan, PlanComparison changes) throws IOException {
    Map<String, FrameSwitch> all = new LinkedHashMap<>(switches);
    for (var each : plan.topology().switches()) {
      if (!all.containsKey(each.name())) {
        FrameSwitch made = new FrameSwitch(each.name());
        comingSwitches.put(each.name(), made);
        all.put(each.name(), made);
      }
    }
    List<CableHost> leaving =
        cables.entrySet().stream()
            .filter(it -> !changes.kept().containsValue(it.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    for (CablePlan cable : plan.cables()) {
      if (changes.isMade(cable.cable())) {
        CableHost made = CableHost.open(cable, opened++, pipes, all, leaving);
        comingCables.put(cable.cable().name(), made);
      }
    }
    for (ShaperChanged change : changes.each(ShaperChanged.class).toList()) {
      hostOf(Objects.requireNonNull(changes.kept().get(change.cable().name())))
          .prepareSplice(change.cable());
    }
    for (FrameSwitch each : comingSwitches.values()) {
      each.start();
      var unused = each.broken().thenAccept(broken::complete);
    }
    if (!comingCables.isEmpty()) {
      makePipes();
    }
    comingCables.values().forEach(this::listen);
  }

  /** A directory of their own, since QEMUs may open what is in it. */
  private void makePipes() {
    try {
      Files.createDirectories(pipes);
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make " + pipes + ": " + Reasons.of(e),
          Reasons.remedy(e, "choose another place with XDG_RUNTIME_DIR"),
          e);
    }
  }

  private void listen(CableHost cable) {
    cable.onLost(
        (node, message) -> {
          var unused = lossListener.thenAccept(it -> it.accept(node, message));
        });
    cable.onBroken(broken::complete);
  }

  /** Closes what was prepared. */
  void abandon() {
    Closing closing = new Closing();
    comingSwitches.values().forEach(closing::close);
    comingCables.values().forEach(closing::close);
    cables.values().forEach(it -> closing.close(it::abandonSplice));
    comingSwitches.clear();
    comingCables.clear();
    closing.finish();
  }

  /**
   * Becomes that of a plan, for which {@link #prepare} was called; no QEMU uses the cables that are
   * gone any more.
   *
   * @param nodeOf gives the nodes at the ends of cables in their current runs
   * @return what could not be done
   */
  List<LaunchException> become(LaunchPlan plan, PlanComparison changes, NodeSource nodeOf) {
    Map<String, CableHost> next = new LinkedHashMap<>();
    for (CablePlan cable : plan.cables()) {
      String name = cable.cable().name();
      CableHost host =
          changes.isMade(cable.cable())
              ? Objects.requireNonNull(comingCables.get(name))
              : hostOf(Objects.requireNonNull(changes.kept().get(name)));
      host.become(cable);
      next.put(name, host);
    }
    Closing closing = new Closing();
    for (CableHost host : cables.values()) {
      if (!next.containsValue(host)) {
        closing.close(host);
        forgetCuts(host.cable(), nodeOf);
      }
    }
    Map<String, FrameSwitch> nextSwitches = new LinkedHashMap<>();
    for (var each : plan.topology().switches()) {
      FrameSwitch made = comingSwitches.getOrDefault(each.name(), switches.get(each.name()));
      nextSwitches.put(each.name(), Objects.requireNonNull(made));
    }
    switches.forEach(
        (name, each) -> {
          if (!nextSwitches.containsValue(each)) {
            closing.close(each);
          }
        });
    List<CableHost> made = List.copyOf(comingCables.values());
    cables = next;
    switches = nextSwitches;
    comingCables.clear();
    comingSwitches.clear();
    closing.finish();
    made.forEach(CableHost::carry);
    changes.each(CableShaped.class).forEach(it -> shape(hostOf(it.cable()), it.shaping()));
    List<LaunchException> problems = new ArrayList<>();
    changes.each(ShaperChanged.class).forEach(it -> resplice(it, nodeOf, problems));
    made.forEach(it -> capture(it, problems));
    changes
        .each(CableCaptured.class)
        .map(it -> hostOf(it.cable()))
        .forEach(
            it -> {
              capture(it, problems);
              dump(it, nodeOf);
            });
    return problems;
  }

  /** A cable that is gone was perhaps cut; another one at the same interfaces is not. */
  private static void forgetCuts(Cable cable, NodeSource nodeOf) {
    for (Endpoint end : cable.endpoints()) {
      Set<String> cut = nodeOf.node(end.node()).ports().unplugged();
      cut.remove(Netdev.idOf(end.interfaceName()));
    }
  }

  /** Finds a node in its current run. */
  @FunctionalInterface
  interface NodeSource {
    NodeRun node(String name);
  }

  private static void shape(CableHost host, Shaping shaping) {
    host.shaper().ifPresent(it -> it.shape(shaping));
  }

  private void resplice(ShaperChanged change, NodeSource nodeOf, List<LaunchException> problems) {
    CableHost host = hostOf(change.cable().name());
    try {
      host.resplice();
      dump(host, nodeOf);
    } catch (IOException e) {
      problems.add(
          new LaunchException(
              "cannot change the shaper of cable \""
                  + change.cable().name()
                  + "\": "
                  + Reasons.of(e),
              "restart the nodes at its ends",
              e));
    }
  }

  private static void capture(CableHost host, List<LaunchException> problems) {
    try {
      host.startCapture();
    } catch (LaunchException e) {
      problems.add(e);
    }
  }

  /** Has a QEMU that runs write down what is to be captured; another does when it starts. */
  private static void dump(CableHost host, NodeSource nodeOf) {
    if (host.isDumped()) {
      NodeRun node = nodeOf.node(host.cable().left().owner());
      if (!node.gone().isDone()) {
        host.dumpAll(node.name(), node.ports().qmp());
      }
    }
  }

  /** The host's side of a cable. */
  CableHost hostOf(String cable) {
    return Objects.requireNonNull(cables.get(cable), cable);
  }

  /** The cables in the order of the file. */
  List<CableHost> hosts() {
    return List.copyOf(cables.values());
  }

  /** The switches. */
  List<FrameSwitch> switches() {
    return List.copyOf(switches.values());
  }

  /** The ends of cables that a node's QEMU inherits. */
  Stream<Inherited> endsAt(String node) {
    return cables.values().stream().flatMap(cable -> cable.endsAt(node));
  }

  /** Makes a node's QEMU, whose guest is about to run, dump what only it can see. */
  void beforeStart(NodeRun node) {
    cables.values().forEach(cable -> cable.dumpAll(node.name(), node.ports().qmp()));
  }

  /**
   * A node's QEMU has gone: what comes to it goes nowhere until the next one.
   *
   * @throws IOException if the cables cannot be made to drop it
   */
  void unplug(String node) throws IOException {
    for (CableHost cable : cables.values()) {
      cable.unplug(node);
    }
  }

  /** A node is to have another QEMU, for which what comes is kept again. */
  void plugIn(String node) throws IOException {
    for (CableHost cable : cables.values()) {
      cable.plugIn(node);
    }
  }

  /** Ends switches, shapers, captures and sockets, those that were prepared included. */
  @Override
  public void close() {
    Closing closing = new Closing();
    closing.close(this::abandon);
    switches.values().forEach(closing::close);
    cables.values().forEach(closing::close);
    closing.finish();
  }
}
