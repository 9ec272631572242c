package dev.topology.launch;

import dev.topology.model.Node;
import dev.topology.model.Topology;
import java.util.List;

/** Somebody asked for a node that a topology does not have. */
public final class UnknownNodeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final transient List<String> known;

  UnknownNodeException(String name, Topology topology) {
    super("\"" + topology.name() + "\" has no node \"" + name + "\"");
    this.name = name;
    this.known = topology.nodes().stream().map(Node::name).toList();
  }

  /** The name that was asked for. */
  public String name() {
    return name;
  }

  /** The names there are, in the order of the file. */
  public List<String> known() {
    return known;
  }
}
