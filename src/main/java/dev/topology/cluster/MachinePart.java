package dev.topology.cluster;

import dev.topology.cluster.Placement.Crossing;
import dev.topology.cluster.Placement.Machine;
import dev.topology.model.Cable;
import dev.topology.model.Cable.Shaper;
import dev.topology.model.CableEnd;
import dev.topology.model.CableEnd.Outside;
import dev.topology.model.CableEnd.Outside.Peer;
import dev.topology.model.Node;
import dev.topology.model.PlacementRules;
import dev.topology.model.Shaping;
import dev.topology.model.Switch;
import dev.topology.model.Topology;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one machine runs of a topology. A cable to another machine leads out of it over UDP, as one
 * that the file leads out does; its shaper is at the end that the file names first.
 *
 * @param placement of the whole
 * @param machine which it is
 */
record MachinePart(Placement placement, Machine machine) {

  /** The part of the machine of that name. */
  static Optional<MachinePart> of(Placement placement, String name) {
    return placement.machines().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .map(it -> new MachinePart(placement, it));
  }

  /** Its cables to other machines. */
  List<Crossing> crossings() {
    return placement.crossings().stream().filter(it -> it.isAt(machine)).toList();
  }

  /**
   * The part as a topology of its own, called after the whole and the machine.
   *
   * @param ports for each cable to another machine, by its name, the UDP port of this machine
   * @param peers likewise, where the other machine's end is
   */
  Topology topology(Map<String, Integer> ports, Map<String, Peer> peers) {
    Topology whole = placement.topology();
    Set<String> here = Set.copyOf(machine.names());
    List<Node> nodes =
        machine.nodes().stream()
            .map(it -> it.dependingOn(it.dependsOn().stream().filter(here::contains).toList()))
            .toList();
    List<Switch> switches =
        whole.switches().stream().filter(it -> here.contains(it.name())).toList();
    List<Cable> cables =
        whole.cables().stream()
            .filter(it -> it.ends().stream().anyMatch(end -> here.contains(end.owner())))
            .map(it -> cable(it, here, ports, peers))
            .toList();
    String name = whole.name() + "-" + machine.name();
    return new Topology(name, nodes, switches, cables, PlacementRules.NONE, List.of());
  }

  private Cable cable(
      Cable cable, Set<String> here, Map<String, Integer> ports, Map<String, Peer> peers) {
    Peer peer = peers.get(cable.name());
    if (peer == null) {
      return cable;
    }
    boolean leftIsHere = here.contains(cable.left().owner());
    CableEnd away = new Outside.Udp(peer, Objects.requireNonNull(ports.get(cable.name())));
    Shaper idle = Shaper.of(Shaping.NONE, placement.topology().name(), cable.name());
    return new Cable(
        cable.name(),
        leftIsHere ? cable.left() : away,
        leftIsHere ? away : cable.right(),
        leftIsHere ? cable.capture() : Optional.empty(),
        Optional.of(leftIsHere ? cable.shaper().orElse(idle) : idle));
  }
}
