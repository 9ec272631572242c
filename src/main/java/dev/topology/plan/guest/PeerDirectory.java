package dev.topology.plan.guest;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where every node of a topology can be reached, seen from any other.
 *
 * <p>Shared by the greetings of all nodes: each of them names all others, so to keep the lines
 * themselves would take the square of the number of nodes.
 */
final class PeerDirectory {

  private final Topology topology;
  private final Map<String, List<InterfaceAddress>> firstAddresses = new LinkedHashMap<>();
  private final Map<String, List<Endpoint>> endpoints;
  private final Map<String, Map<String, List<InterfaceAddress>>> neighbours = new HashMap<>();

  PeerDirectory(Topology topology) {
    this.topology = topology;
    this.endpoints = topology.endpointsByNode();
    for (Node node : topology.nodes()) {
      firstAddresses.put(node.name(), List.of());
    }
    for (Cable cable : topology.cables()) {
      enter(cable.left(), cable.right());
      enter(cable.right(), cable.left());
    }
  }

  private void enter(Endpoint end, Endpoint far) {
    if (!end.addresses().isEmpty()) {
      firstAddresses.computeIfPresent(
          end.node(), (name, known) -> known.isEmpty() ? end.addresses() : known);
      neighbours
          .computeIfAbsent(far.node(), name -> new HashMap<>())
          .putIfAbsent(end.node(), end.addresses());
    }
  }

  /** The cable ends plugged into a node, in the order of the cables. */
  List<Endpoint> endpointsOf(String node) {
    return endpoints.getOrDefault(node, List.of());
  }

  /**
   * One line for each address of each other node: those of the first cable shared with it, which
   * need no router, or else those of its first cable that has any.
   */
  Stream<String> linesFor(String self) {
    Map<String, List<InterfaceAddress>> near = neighbours.getOrDefault(self, Map.of());
    return firstAddresses.entrySet().stream()
        .filter(peer -> !peer.getKey().equals(self))
        .flatMap(
            peer ->
                near.getOrDefault(peer.getKey(), peer.getValue()).stream()
                    .map(address -> "peer " + peer.getKey() + " " + address.address()));
  }

  /** All there is here follows from the topology. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PeerDirectory that && topology.equals(that.topology);
  }

  @Override
  public int hashCode() {
    return topology.name().hashCode();
  }
}
