package dev.topology.control;

import dev.topology.control.Instances.Supervisor;
import dev.topology.control.TopologyStatus.CableStatus;
import dev.topology.control.TopologyStatus.NodeStatus;
import dev.topology.model.CableEnd;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.Shaping;
import dev.topology.model.Switch;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.cable.CableCounters;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Finds out how a running topology is. Thread-safe; never waits. */
final class StatusReport {

  private final RunningTopology topology;
  private final Supervisor supervisor;

  StatusReport(RunningTopology topology, Supervisor supervisor) {
    this.topology = topology;
    this.supervisor = supervisor;
  }

  TopologyStatus now() {
    List<HostPort> ports = ifDone(topology.hostPorts()).orElse(List.of());
    return new TopologyStatus(
        supervisor.name(),
        supervisor.pid(),
        supervisor.since(),
        supervisor.file(),
        state(),
        topology.nodes().stream().map(node -> node(node, ports)).toList(),
        topology.topology().switches().stream().map(Switch::name).toList(),
        cables());
  }

  private String state() {
    if (topology.outcome().isPresent()) {
      return "ending";
    }
    CompletableFuture<Void> ready = topology.ready();
    return ready.isDone() && !ready.isCompletedExceptionally() ? "ready" : "starting";
  }

  private NodeStatus node(RunningNode node, List<HostPort> ports) {
    Optional<NodeUsage> usage = node.usage();
    return new NodeStatus(
        node.name(),
        state(node),
        node.uptime().map(Duration::toMillis),
        usage.map(NodeUsage::residentBytes),
        usage.map(it -> it.cpuTime().toMillis()),
        node.node().hostNetwork().map(HostNetwork::outside),
        ports.stream()
            .filter(port -> port.node().equals(node.name()))
            .map(StatusReport::port)
            .toList(),
        node.consoleLog().toString());
  }

  private String state(RunningNode node) {
    Optional<NodeOutcome> outcome = node.outcome();
    if (outcome.isPresent()) {
      return outcome.get().word();
    }
    return switch (node.state()) {
      case SPAWNED -> "starting";
      case PAUSED -> "waiting";
      case STARTED -> running(node, "booting");
      case READY -> running(node, "ready");
      case ENDED -> "stopped";
    };
  }

  private String running(RunningNode node, String state) {
    return node.isPaused() ? "paused" : state;
  }

  private static NodeStatus.Port port(HostPort port) {
    return new NodeStatus.Port(
        port.protocol().toString(),
        port.guestPort(),
        port.hostAddress().toString(),
        port.hostPort());
  }

  List<CableStatus> cables() {
    return topology.cables().stream().map(StatusReport::cable).toList();
  }

  static CableStatus cable(RunningCable cable) {
    return new CableStatus(
        cable.name(),
        cable.cable().left().toString(),
        cable.cable().right().toString(),
        CableStatus.state(cable.isCut()),
        addresses(cable.cable().left()),
        addresses(cable.cable().right()),
        cable.shaping().map(StatusReport::text),
        cable.counters().map(CableCounters::leftToRight),
        cable.counters().map(CableCounters::rightToLeft));
  }

  /** {@code delay=20ms loss=1%}, in the words that change it; {@code idle} if it does nothing. */
  static String text(Shaping shaping) {
    String text =
        shaping.settings().entrySet().stream()
            .map(it -> it.getKey() + "=" + it.getValue())
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? "idle" : text;
  }

  private static List<String> addresses(CableEnd end) {
    return end.addressWords();
  }

  private static <T> Optional<T> ifDone(CompletableFuture<T> future) {
    return future.isDone() && !future.isCompletedExceptionally()
        ? Optional.of(future.join())
        : Optional.empty();
  }
}
