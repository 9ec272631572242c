package dev.topology.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * How a running topology is.
 *
 * @param name of the running topology
 * @param pid of the process that runs it
 * @param since when that began to
 * @param file the topology's; absolute
 * @param state {@code starting}, {@code ready} (every node has been) or {@code ending}
 * @param nodes in the order of the file
 * @param cables in the order of the file
 */
public record TopologyStatus(
    String name,
    long pid,
    Instant since,
    Path file,
    String state,
    List<NodeStatus> nodes,
    List<CableStatus> cables) {

  public TopologyStatus {
    nodes = List.copyOf(nodes);
    cables = List.copyOf(cables);
  }

  /** As it is on the wire. */
  public ObjectNode json() {
    return RecordJson.write(this);
  }
}
