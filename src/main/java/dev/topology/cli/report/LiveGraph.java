package dev.topology.cli.report;

import dev.topology.cli.terminal.Glyphs;
import dev.topology.control.CableStatus;
import dev.topology.control.NodeStatus;
import dev.topology.control.TopologyStatus;
import dev.topology.graph.NetworkGraph;
import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Link;
import dev.topology.graph.NetworkGraph.Mood;
import dev.topology.graph.NetworkGraph.Plug;
import java.util.List;
import java.util.Optional;

/** What a picture of a running topology shows. */
public final class LiveGraph {

  private LiveGraph() {}

  public static NetworkGraph of(TopologyStatus status) {
    return new NetworkGraph(
        status.name(),
        status.nodes().stream().map(LiveGraph::box).toList(),
        status.cables().stream().map(LiveGraph::link).toList());
  }

  private static Box box(NodeStatus node) {
    InstanceText text = new InstanceText(Glyphs.UNICODE);
    Condition condition = new Condition(node.state(), mood(node.state()));
    return new Box(
        node.name(), Optional.of(condition), node.hostPorts().stream().map(text::port).toList());
  }

  private static Mood mood(String state) {
    return switch (state) {
      case "ready", "done" -> Mood.WELL;
      case "failed" -> Mood.FAILED;
      case "stopped" -> Mood.GONE;
      default -> Mood.WAITING;
    };
  }

  private static Link link(CableStatus cable) {
    return new Link(
        cable.name(),
        plug(cable.left(), cable.leftAddresses()),
        plug(cable.right(), cable.rightAddresses()),
        cable.shaping().orElse(""),
        cable.isCut());
  }

  private static Plug plug(String end, List<String> addresses) {
    int colon = end.indexOf(':');
    return new Plug(end.substring(0, colon), end.substring(colon + 1), addresses);
  }
}
