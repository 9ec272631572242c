package dev.topology.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * An interface of a node that a cable is plugged into.
 *
 * @param node the node's name
 * @param interfaceName as the guest calls it: {@code eth1}; unique within the node
 * @param mac unique within the topology
 * @param addresses of the interface in the guest; empty for {@code address: none}
 * @param dhcp whether the guest asks there for an address
 * @param mtu the longest packet in bytes, if it is not Ethernet's 1500
 */
public record Endpoint(
    String node,
    String interfaceName,
    MacAddress mac,
    List<InterfaceAddress> addresses,
    boolean dhcp,
    OptionalInt mtu)
    implements CableEnd {

  public Endpoint {
    addresses = List.copyOf(addresses);
  }

  @Override
  public List<String> addressWords() {
    return dhcp ? List.of("dhcp") : CableEnd.super.addressWords();
  }

  @Override
  public String owner() {
    return node;
  }

  /** As users write it: {@code left:eth1}. */
  @Override
  public String toString() {
    return node + ":" + interfaceName;
  }
}
