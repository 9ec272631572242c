package dev.topology.graph;

import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.MachineBox;
import dev.topology.graph.NetworkGraph.NodeBox;
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
    // A node may be called "end", which Mermaid would take for a word of its own.
    graph.nodes().forEach(it -> ids.put(it.name(), "n" + ids.size()));
    graph.nodesElsewhere().forEach(it -> text.append("  " + node(it, ids)));
    for (MachineBox machine : graph.machines()) {
      String id = "m" + graph.machines().indexOf(machine);
      text.append("  subgraph " + id + "[\"" + escaped(machine.name()) + "\"]\n");
      graph.nodesOn(machine).forEach(it -> text.append("    " + node(it, ids)));
      text.append("  end\n");
    }
    for (CableLine cable : graph.cables()) {
      text.append("  " + ids.get(cable.left().node()) + (cable.isCut() ? " -.-|\"" : " ---|\""));
      text.append(escaped(ends(cable)) + "\"| " + ids.get(cable.right().node()) + "\n");
    }
    return text.toString();
  }

  private static String node(NodeBox node, Map<String, String> ids) {
    String words = "\"" + escaped(String.join("\n", node.lines())) + "\"";
    return ids.get(node.name()) + shaped(node.kind(), words) + "\n";
  }

  private static String shaped(NodeBox.Kind kind, String words) {
    return switch (kind) {
      case NODE -> "[" + words + "]";
      case SWITCH -> "([" + words + "])";
      case OUTSIDE -> ">" + words + "]";
    };
  }

  private static String ends(CableLine cable) {
    return Stream.of(
            String.join(" ", cable.left().lines()),
            cable.note(),
            cable.isCut() ? "cut" : "",
            String.join(" ", cable.right().lines()))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining("\n"));
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
