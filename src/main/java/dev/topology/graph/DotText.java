package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Link;
import dev.topology.graph.NetworkGraph.Plug;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A topology in the DOT language of Graphviz; see https://graphviz.org/doc/info/lang.html. */
public final class DotText {

  private DotText() {}

  /** Writes a graph. */
  public static String of(NetworkGraph graph) {
    StringBuilder text = new StringBuilder("graph " + quoted(graph.name()) + " {\n");
    text.append("  layout=neato; overlap=false; splines=true;\n");
    text.append("  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    text.append("  edge [len=3, fontname=\"sans-serif\", fontsize=9];\n");
    for (Box node : graph.nodes()) {
      text.append("  " + quoted(node.name()) + " [label=" + label(lines(node)) + "];\n");
    }
    for (Link link : graph.links()) {
      text.append("  " + quoted(link.left().node()) + " -- " + quoted(link.right().node()));
      text.append(" [" + attributes(link) + "];\n");
    }
    return text.append("}\n").toString();
  }

  private static String lines(Box node) {
    return Stream.concat(Stream.of(node.name()), Extent.details(node))
        .collect(Collectors.joining("\n"));
  }

  private static String attributes(Link link) {
    String note = link.note().isEmpty() ? "" : ", label=" + label(link.note());
    return "taillabel="
        + label(describe(link.left()))
        + ", headlabel="
        + label(describe(link.right()))
        + note
        + (link.isCut() ? ", style=dashed" : "");
  }

  private static String describe(Plug plug) {
    return Stream.concat(Stream.of(plug.interfaceName()), plug.addresses().stream())
        .collect(Collectors.joining("\n"));
  }

  /** Graphviz reads HTML's names of characters in labels, and only there. */
  private static String label(String words) {
    return quoted(words.replace("&", "&amp;"));
  }

  private static String quoted(String words) {
    return '"' + words.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
