package dev.topology.language.load;

import dev.topology.language.load.Addressing.AddressPool.Pair;
import dev.topology.language.load.Patchbay.PluggedCable;
import dev.topology.language.load.Patchbay.PluggedEnd;
import dev.topology.model.Cable;
import dev.topology.model.CableEnd;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.Switch;
import dev.topology.model.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The addresses that the interfaces of a topology have while it runs. Those of the same interfaces
 * are kept where the file gives none, though the places of cables in the file have changed: so a
 * new cable does not move the addresses of those after it.
 */
final class FormerAddresses {

  private static final int PAIR_LENGTH = 31;

  private final Map<String, Cable> cables = new HashMap<>();
  private final Map<String, List<InterfaceAddress>> ends = new HashMap<>();
  private final Map<String, List<InterfaceAddress>> subnets = new HashMap<>();

  /**
   * @param former what runs; nothing where a file is read by itself
   */
  FormerAddresses(Optional<Topology> former) {
    former.ifPresent(this::note);
  }

  private void note(Topology former) {
    for (Cable cable : former.cables()) {
      cables.put(cable.left() + " " + cable.right(), cable);
      cable.endpoints().forEach(end -> ends.put(end.toString(), end.addresses()));
    }
    for (Switch each : former.switches()) {
      subnets.put(each.name(), each.subnets());
    }
  }

  /** The pair of addresses of a cable between the same two interfaces. */
  Optional<Pair> pairOf(PluggedCable cable) {
    return Optional.ofNullable(cables.get(cable.left() + " " + cable.right()))
        .filter(it -> hasOneOfPair(it.left()) && hasOneOfPair(it.right()))
        .map(it -> new Pair(it.left().addresses().get(0), it.right().addresses().get(0)))
        .filter(it -> it.left().covers(it.right().address()));
  }

  private static boolean hasOneOfPair(CableEnd end) {
    return end.addresses().size() == 1 && end.addresses().get(0).prefixLength() == PAIR_LENGTH;
  }

  /** The address in a subnet that an interface had. */
  Optional<IpAddress> in(InterfaceAddress subnet, PluggedEnd end) {
    return ends.getOrDefault(end.toString(), List.of()).stream()
        .filter(it -> it.network().equals(subnet.network()))
        .map(InterfaceAddress::address)
        .findFirst();
  }

  /** The subnet that a switch had, if it had one. */
  Optional<InterfaceAddress> subnetOf(String name) {
    List<InterfaceAddress> all = subnets.getOrDefault(name, List.of());
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }
}
