package dev.topology.graph;

import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.MachineBox;
import dev.topology.graph.NetworkGraph.NodeBox;

/** A topology in the DOT language of Graphviz; see https://graphviz.org/doc/info/lang.html. */
public final class DotText {

  private DotText() {}

  /** Writes a graph. */
  public static String of(NetworkGraph graph) {
    StringBuilder text = new StringBuilder("graph " + quoted(graph.name()) + " {\n");
    // Of the layouts for any graph, only fdp draws boxes around nodes.
    String layout = graph.machines().isEmpty() ? "neato" : "fdp";
    text.append("  layout=" + layout + "; overlap=false; splines=true;\n");
    text.append("  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    text.append("  edge [len=3, fontname=\"sans-serif\", fontsize=9];\n");
    graph.nodesElsewhere().forEach(it -> text.append(node(it, "  ")));
    for (MachineBox machine : graph.machines()) {
      text.append("  subgraph " + quoted("cluster_" + machine.name()) + " {\n");
      text.append("    label=" + label(machine.name()) + ";\n");
      graph.nodesOn(machine).forEach(it -> text.append(node(it, "    ")));
      text.append("  }\n");
    }
    for (CableLine cable : graph.cables()) {
      text.append("  " + quoted(cable.left().node()) + " -- " + quoted(cable.right().node()));
      text.append(" [" + attributes(cable) + "];\n");
    }
    return text.append("}\n").toString();
  }

  private static String node(NodeBox node, String indent) {
    return indent
        + quoted(node.name())
        + " [label="
        + label(String.join("\n", node.lines()))
        + shape(node.kind())
        + "];\n";
  }

  private static String shape(NodeBox.Kind kind) {
    return switch (kind) {
      case NODE -> "";
      case SWITCH -> ", shape=ellipse, style=solid";
      case OUTSIDE -> ", style=\"rounded,dashed\"";
    };
  }

  private static String attributes(CableLine cable) {
    String note = cable.note().isEmpty() ? "" : ", label=" + label(cable.note());
    return "taillabel="
        + label(String.join("\n", cable.left().lines()))
        + ", headlabel="
        + label(String.join("\n", cable.right().lines()))
        + note
        + (cable.isCut() ? ", style=dashed" : "");
  }

  /** Graphviz reads HTML's names of characters in labels, and only there. */
  private static String label(String words) {
    return quoted(words.replace("&", "&amp;"));
  }

  private static String quoted(String words) {
    return '"' + words.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
