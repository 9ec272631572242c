package dev.topology.cli.terminal;

import dev.topology.cli.terminal.TerminalTraits.Glyphs;
import dev.topology.console.ConsoleLine;
import dev.topology.console.LineMultiplexer;
import dev.topology.text.HumanText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints the lines of nodes, each behind its node's name, in the node's colour:
 *
 * <pre>
 *   left  │ login:
 *   right │ booting
 *   left  ┊ root
 * </pre>
 *
 * <p>The last row goes on the line that an unfinished one began, because another node's came
 * between. Thread-safe.
 */
public final class NodeLines implements LineMultiplexer.Reader {

  private final Terminal terminal;
  private final Palette palette;
  private final Glyphs glyphs;
  private volatile Names names = new Names(Map.of(), 0);

  /** What has been shown of each node's unfinished line. */
  private final Map<String, Shown> shown = new HashMap<>();

  /**
   * @param above how much of the line stands in rows that are closed
   * @param text how much of the line stands anywhere
   */
  private record Shown(String above, String text) {

    static final Shown NOTHING = new Shown("", "");
  }

  /**
   * The names of nodes.
   *
   * @param indexes their numbers, which give them their colours
   * @param width of the longest
   */
  private record Names(Map<String, Integer> indexes, int width) {}

  /**
   * @param nodes the names in the order of the file
   */
  public NodeLines(Terminal terminal, List<String> nodes) {
    this.terminal = terminal;
    this.palette = terminal.palette();
    this.glyphs = terminal.glyphs();
    expect(nodes);
  }

  /** There are these nodes now. Those that there were keep their colours. */
  public synchronized void expect(List<String> nodes) {
    Map<String, Integer> indexes = new HashMap<>(names.indexes());
    nodes.forEach(node -> indexes.putIfAbsent(node, indexes.size()));
    names = new Names(indexes, nodes.stream().mapToInt(String::length).max().orElse(0));
  }

  /** Says something about a node in its own column, such as {@code ready after 1.6 s}. */
  public void say(String node, String text) {
    terminal.print(prefix(node, glyphs.bar()) + text);
  }

  /** The same, to standard error. */
  public void sayError(String node, String text) {
    terminal.printError(prefix(node, glyphs.bar()) + text);
  }

  /** The node's name in its colour, padded to the width of the longest. */
  public String name(String node) {
    return palette.node(index(node), pad(node));
  }

  private int index(String node) {
    return names.indexes().getOrDefault(node, 0);
  }

  private String pad(String node) {
    return node + " ".repeat(Math.max(0, names.width() - node.length()));
  }

  private String prefix(String node, String bar) {
    return palette.node(index(node), pad(node) + " " + bar) + " ";
  }

  @Override
  public void line(String node, ConsoleLine line) {
    // What is open must not be closed by another thread between looking and writing.
    synchronized (terminal) {
      String above = above(node);
      if (!line.text().startsWith(above)) {
        rewritten(node, line);
      } else if (line.text().length() > above.length() || above.isEmpty()) {
        String bar = above.isEmpty() ? glyphs.bar() : glyphs.moreBar();
        show(node, above, line, prefix(node, bar) + line.text().substring(above.length()));
      }
      if (line.finished()) {
        shown.remove(node);
      }
    }
  }

  private String above(String node) {
    Shown before = shown.getOrDefault(node, Shown.NOTHING);
    return terminal.isGrowing(node) ? before.above() : before.text();
  }

  /** Of a line that was written anew after its row was closed, only the last state is shown. */
  private void rewritten(String node, ConsoleLine line) {
    if (line.finished()) {
      show(node, "", line, prefix(node, glyphs.bar()) + line.text());
    }
  }

  private void show(String node, String above, ConsoleLine line, String row) {
    terminal.grow(node, row, line.finished());
    shown.put(node, new Shown(above, line.text()));
  }

  @Override
  public void skipped(String node, long lines) {
    String missing =
        HumanText.count(lines, "line") + " not shown, being more than this output could take";
    say(node, palette.faint(glyphs.ellipsis() + " " + missing));
  }
}
