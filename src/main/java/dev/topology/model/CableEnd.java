package dev.topology.model;

import java.util.List;

/** What an end of a cable is plugged into: an interface of a node, or a switch. */
public sealed interface CableEnd permits Endpoint, CableEnd.SwitchEnd {

  /** The name of the node or switch. */
  String owner();

  /** The addresses of the interface in the guest; none at a switch. */
  List<InterfaceAddress> addresses();

  /** Its addresses as users write them, or {@code dhcp}; empty if it has none. */
  default List<String> addressWords() {
    return addresses().stream().map(InterfaceAddress::toString).toList();
  }

  /**
   * A switch, whose ends have no names.
   *
   * @param owner the switch's name
   */
  record SwitchEnd(String owner) implements CableEnd {

    @Override
    public List<InterfaceAddress> addresses() {
      return List.of();
    }

    @Override
    public String toString() {
      return owner;
    }
  }
}
