package dev.topology.model;

import java.util.List;

/**
 * What an end of a cable is plugged into: an interface of a node, a switch, or something outside
 * the topology.
 */
public sealed interface CableEnd permits Endpoint, CableEnd.SwitchEnd, CableEnd.Outside {

  /** The name of the node or switch; of what is outside, a text that none of them is called. */
  String owner();

  /** The addresses of the interface in the guest; none at a switch and outside. */
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

  /** Something outside the topology. The other end of such a cable is a node's or a switch's. */
  sealed interface Outside extends CableEnd {

    @Override
    default String owner() {
      return toString();
    }

    @Override
    default List<InterfaceAddress> addresses() {
      return List.of();
    }

    /** What it is, in words: {@code the tap tap0 of this host}. */
    String words();

    /**
     * A tap of the host that the user has made before.
     *
     * @param device the name of its interface on the host
     */
    record Tap(String device) implements Outside {

      @Override
      public String words() {
        return "the tap " + device + " of this host";
      }

      @Override
      public String toString() {
        return "host/" + device;
      }
    }

    /**
     * A program that takes and sends Ethernet frames over UDP, one a datagram, such as another
     * topology. They are not encrypted.
     *
     * @param peer where it is
     * @param listen the port of this host that it sends to
     */
    record Udp(Peer peer, int listen) implements Outside {

      @Override
      public String words() {
        return peer + " over UDP from port " + listen + (peer.isLoopback() ? "" : ", unencrypted");
      }

      @Override
      public String toString() {
        return "udp/" + peer;
      }
    }

    /**
     * The address and port of a program.
     *
     * @param host an address or name, IPv6 without brackets
     * @param port 1 to 65535
     */
    record Peer(String host, int port) {

      /** Whether it is on this host, as far as that can be seen without asking for its name. */
      public boolean isLoopback() {
        return host.equals("localhost")
            || IpAddress.parse(host).filter(it -> it.inet().isLoopbackAddress()).isPresent();
      }

      @Override
      public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
      }
    }
  }
}
