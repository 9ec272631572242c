package dev.topology.control;

import dev.topology.model.Endpoint;
import dev.topology.model.HostNetwork;
import dev.topology.model.InterfaceAddress;
import dev.topology.run.HostPort;
import dev.topology.run.NodeOutcome;
import dev.topology.run.NodeUsage;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.shape.DirectionCounters;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Finds out how a running topology is. Thread-safe; never waits. */
final class StatusReport {

  private final RunningTopology topology;
  private final Supervisor supervisor;
  private final Journal journal;

  StatusReport(RunningTopology topology, Supervisor supervisor, Journal journal) {
    this.topology = topology;
    this.supervisor = supervisor;
    this.journal = journal;
  }

  TopologyStatus now() {
    List<HostPort> ports = ifDone(topology.hostPorts()).orElse(List.of());
    return new TopologyStatus(
        supervisor,
        state(),
        topology.nodes().stream().map(node -> node(node, ports)).toList(),
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
    return new NodeStatus(
        node.name(),
        state(node),
        journal.uptime(node.name()),
        node.usage().map(StatusReport::usage),
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

  private static NodeStatus.Usage usage(NodeUsage usage) {
    return new NodeStatus.Usage(usage.residentBytes(), usage.cpuTime());
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
        addresses(cable.cable().left()),
        addresses(cable.cable().right()),
        cable.isCut(),
        cable.shaping().map(ShapingText::of),
        cable.counters().map(counters -> traffic(counters.leftToRight())),
        cable.counters().map(counters -> traffic(counters.rightToLeft())));
  }

  private static List<String> addresses(Endpoint end) {
    return end.addresses().stream().map(InterfaceAddress::toString).toList();
  }

  private static CableStatus.Traffic traffic(DirectionCounters counters) {
    return new CableStatus.Traffic(
        counters.frames(),
        counters.bytes(),
        counters.deliveredFrames(),
        counters.deliveredBytes(),
        counters.lost(),
        counters.queueFull(),
        counters.notTaken(),
        counters.duplicated(),
        counters.corrupted(),
        counters.reordered());
  }

  private static <T> Optional<T> ifDone(CompletableFuture<T> future) {
    return future.isDone() && !future.isCompletedExceptionally()
        ? Optional.of(future.join())
        : Optional.empty();
  }
}
