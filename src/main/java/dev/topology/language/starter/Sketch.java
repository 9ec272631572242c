package dev.topology.language.starter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network on a napkin: nodes by name, cables between them, who forwards packets, what is run.
 * Grows while it is drawn; used by one thread.
 */
final class Sketch {

  /** A cable between two nodes. */
  record Cable(String left, String right) {

    boolean joins(String node) {
      return left.equals(node) || right.equals(node);
    }

    String other(String node) {
      return left.equals(node) ? right : left;
    }
  }

  /**
   * An entry of {@code cables}: one pattern.
   *
   * @param name {@code line}, {@code ring}, {@code mesh} or {@code star}
   * @param hub the node in the middle of a star
   * @param nodes in order
   */
  record Pattern(String name, Optional<String> hub, List<String> nodes) {

    Pattern {
      nodes = List.copyOf(nodes);
    }
  }

  private final String story;
  private final Set<String> nodes = new LinkedHashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();
  private final Set<String> routers = new LinkedHashSet<>();
  private final Map<String, String> up = new HashMap<>();
  private final Map<String, List<String>> commands = new LinkedHashMap<>();

  /**
   * An empty one.
   *
   * @param story what the network is and does, in one or more sentences
   */
  Sketch(String story) {
    this.story = story;
  }

  Sketch node(String name) {
    nodes.add(name);
    return this;
  }

  /** Adds several of the same: {@code leaf-1}, {@code leaf-2} and so on. */
  Sketch copies(String name, int count) {
    counts.put(name, count);
    return node(name);
  }

  Sketch router(String name) {
    routers.add(name);
    return node(name);
  }

  Sketch cable(String left, String right) {
    cables.add(new Cable(left, right));
    return this;
  }

  /** Cables each node to the next. */
  Sketch line(List<String> chain) {
    for (int at = 1; at < chain.size(); at++) {
      cable(chain.get(at - 1), chain.get(at));
    }
    return pattern("line", chain);
  }

  /** Cables each node to the next, and the last to the first. */
  Sketch ring(List<String> around) {
    for (int at = 0; at < around.size(); at++) {
      cable(around.get(at), around.get((at + 1) % around.size()));
    }
    return pattern("ring", around);
  }

  /** Cables a hub to each leaf. */
  Sketch star(String hub, List<String> leaves) {
    leaves.forEach(leaf -> cable(hub, leaf));
    patterns.add(new Pattern("star", Optional.of(hub), leaves));
    return this;
  }

  /** Cables nodes as the file says it; {@code leaf-*} is all copies of a node. */
  Sketch pattern(String name, List<String> members) {
    patterns.add(new Pattern(name, Optional.empty(), members));
    return this;
  }

  /** Says that all a node has no route to lies behind its neighbour. */
  Sketch up(String node, String neighbour) {
    up.put(node, neighbour);
    return this;
  }

  Sketch command(String node, String... lines) {
    commands.put(node, List.of(lines));
    return this;
  }

  /** Has one node show the way to another, and talk to it. */
  Sketch visit(String from, String to) {
    return command(from, "traceroute -n -q 1 -w 2 " + to, "ping -c 3 " + to);
  }

  String story() {
    return story;
  }

  List<String> nodes() {
    return List.copyOf(nodes);
  }

  /** How many there are of a node; empty if it is there once, under its own name. */
  Optional<Integer> count(String node) {
    return Optional.ofNullable(counts.get(node));
  }

  /** What the cables are written as; none if each is written by itself. */
  List<Pattern> patterns() {
    return List.copyOf(patterns);
  }

  List<Cable> cables() {
    return List.copyOf(cables);
  }

  List<Cable> cablesOf(String node) {
    return cables.stream().filter(it -> it.joins(node)).toList();
  }

  /** Whether there is a router, so that addresses and routes have to be written. */
  boolean isRouted() {
    return !routers.isEmpty();
  }

  boolean isRouter(String node) {
    return routers.contains(node);
  }

  boolean areAllRouters() {
    return routers.containsAll(nodes);
  }

  /** The neighbour behind which everything else lies, or the empty text. */
  String up(String node) {
    return up.getOrDefault(node, "");
  }

  /** The lines of the command of a node; none if it has none. */
  List<String> command(String node) {
    return commands.getOrDefault(node, List.of());
  }
}
