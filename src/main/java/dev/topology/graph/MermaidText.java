package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Link;
import dev.topology.graph.NetworkGraph.Plug;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A topology as a Mermaid flowchart, which GitHub and GitLab draw in Markdown; see
 * https://mermaid.js.org/syntax/flowchart.html.
 */
public final class MermaidText {

  private MermaidText() {}

  /** Writes a graph. */
  public static String of(NetworkGraph graph) {
    StringBuilder text = new StringBuilder("---\ntitle: " + graph.name() + "\n---\ngraph LR\n");
    Map<String, String> ids = new LinkedHashMap<>();
    for (Box node : graph.nodes()) {
      // A node may be called "end", which Mermaid would take for a word of its own.
      String id = "n" + ids.size();
      ids.put(node.name(), id);
      text.append("  " + id + "[\"" + escaped(lines(node)) + "\"]\n");
    }
    for (Link link : graph.links()) {
      text.append("  " + ids.get(link.left().node()) + (link.isCut() ? " -.-|\"" : " ---|\""));
      text.append(escaped(ends(link)) + "\"| " + ids.get(link.right().node()) + "\n");
    }
    return text.toString();
  }

  private static String lines(Box node) {
    return Stream.concat(Stream.of(node.name()), Extent.details(node))
        .collect(Collectors.joining("\n"));
  }

  private static String ends(Link link) {
    return Stream.of(
            describe(link.left()), link.note(), link.isCut() ? "cut" : "", describe(link.right()))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static String describe(Plug plug) {
    return String.join(" ", plug.interfaceName(), String.join(" ", plug.addresses())).strip();
  }

  private static String escaped(String words) {
    return words
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\n", "<br>");
  }
}
