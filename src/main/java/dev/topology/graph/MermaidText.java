package dev.topology.graph;

import dev.topology.graph.NetworkGraph.Box;
import dev.topology.graph.NetworkGraph.Link;
import dev.topology.graph.NetworkGraph.Plug;
import java.util.LinkedHashMap;
import java.util.Locale;
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
    StringBuilder text =
        new StringBuilder("---\ntitle: " + title(graph.name()) + "\n---\ngraph LR\n");
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

  /** The title is YAML, where some words are no text: {@code null}, {@code 1e3}. */
  private static String title(String name) {
    boolean plain =
        name.matches("[a-z][a-z0-9-]*") && !name.matches("true|false|null|yes|no|on|off|y|n");
    return plain ? name : quoted(name);
  }

  private static String quoted(String name) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int at = 0; at < name.length(); at++) {
      char c = name.charAt(at);
      if (Character.isISOControl(c)) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** Mermaid reads "#37;" as a character, "%%{" as a directive, and "`" as Markdown's beginning. */
  private static String escaped(String words) {
    return words
        .replace("#", "#35;")
        .replace("%%", "#37;#37;")
        .replace("`", "#96;")
        .replace("\\", "#92;")
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\n", "<br>");
  }
}
