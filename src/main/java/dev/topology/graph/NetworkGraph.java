package dev.topology.graph;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.PortForward;
import dev.topology.model.Topology;
import java.util.List;
import java.util.Optional;

/**
 * What a picture of a topology shows.
 *
 * @param name the topology's
 * @param nodes in the order of the file
 * @param links the cables, in the order of the file
 */
public record NetworkGraph(String name, List<Box> nodes, List<Link> links) {

  public NetworkGraph {
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
  }

  /**
   * A node.
   *
   * @param name the node's
   * @param condition how it fares, where the topology runs
   * @param details what else is to be said of it, a line each
   */
  public record Box(String name, Optional<Condition> condition, List<String> details) {

    public Box {
      details = List.copyOf(details);
    }
  }

  /** How a node fares, in one word, and whether that is good news. */
  public record Condition(String word, Mood mood) {}

  /** Good, bad, or neither yet. */
  public enum Mood {
    WELL,
    WAITING,
    GONE,
    FAILED
  }

  /**
   * A cable.
   *
   * @param name the cable's
   * @param left one end
   * @param right the other
   * @param note what is special about it, such as {@code 20ms, 1% loss}; may be empty
   * @param isCut whether nothing passes
   */
  public record Link(String name, Plug left, Plug right, String note, boolean isCut) {}

  /** Where a cable is plugged in. */
  public record Plug(String node, String interfaceName, List<String> addresses) {

    public Plug {
      addresses = List.copyOf(addresses);
    }

    static Plug of(Endpoint end) {
      List<String> addresses = end.addresses().stream().map(InterfaceAddress::toString).toList();
      return new Plug(end.node(), end.interfaceName(), addresses);
    }
  }

  /** A topology as its file describes it. */
  public static NetworkGraph of(Topology topology) {
    return new NetworkGraph(
        topology.name(),
        topology.nodes().stream()
            .map(node -> new Box(node.name(), Optional.empty(), ports(node)))
            .toList(),
        topology.cables().stream().map(NetworkGraph::link).toList());
  }

  private static Link link(Cable cable) {
    return new Link(
        cable.name(),
        Plug.of(cable.left()),
        Plug.of(cable.right()),
        cable.shaper().map(shaper -> ShapingNote.of(shaper.shaping())).orElse(""),
        /* isCut= */ false);
  }

  private static List<String> ports(Node node) {
    return node.ports().stream().map(NetworkGraph::describe).toList();
  }

  private static String describe(PortForward port) {
    String hostPort =
        port.hostPort().isPresent() ? String.valueOf(port.hostPort().getAsInt()) : "auto";
    String host =
        port.hostAddress().equals(IpAddress.LOOPBACK)
            ? "localhost"
            : port.hostAddress().beforePort();
    return host + ":" + hostPort + " → " + port.guestPort();
  }
}
