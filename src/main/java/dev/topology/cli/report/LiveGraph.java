package dev.topology.cli.report;

import dev.topology.cli.terminal.Glyphs;
import dev.topology.control.TopologyStatus;
import dev.topology.control.TopologyStatus.CableStatus;
import dev.topology.control.TopologyStatus.NodeStatus;
import dev.topology.graph.NetworkGraph;
import dev.topology.graph.NetworkGraph.CableEnd;
import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.Condition;
import dev.topology.graph.NetworkGraph.Health;
import dev.topology.graph.NetworkGraph.NodeBox;
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

  private static NodeBox box(NodeStatus node) {
    InstanceText text = new InstanceText(Glyphs.UNICODE);
    Condition condition = new Condition(node.state(), health(node.state()));
    return new NodeBox(
        node.name(), Optional.of(condition), node.hostPorts().stream().map(text::port).toList());
  }

  private static Health health(String state) {
    return switch (state) {
      case "ready", "done" -> Health.WELL;
      case "failed" -> Health.FAILED;
      case "stopped" -> Health.GONE;
      default -> Health.WAITING;
    };
  }

  private static CableLine link(CableStatus cable) {
    return new CableLine(
        cable.name(),
        plug(cable.left(), cable.leftAddresses()),
        plug(cable.right(), cable.rightAddresses()),
        cable.shaping().orElse(""),
        cable.isCut());
  }

  private static CableEnd plug(String end, List<String> addresses) {
    int colon = end.indexOf(':');
    return new CableEnd(end.substring(0, colon), end.substring(colon + 1), addresses);
  }
}
