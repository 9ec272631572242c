package dev.topology.language.format;

import dev.topology.language.format.Nesting.Level.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The lists and maps that are open while pieces are written, and those closed since the last piece.
 */
final class Nesting {

  private static final Level ROOT = new Level(Kind.MAP, -1, -Layout.STEP);

  private final Deque<Level> open = new ArrayDeque<>();
  private final Deque<Boolean> askedKeys = new ArrayDeque<>();
  private final List<Level> closed = new ArrayList<>();

  /** The innermost that is open. */
  Level top() {
    return open.isEmpty() ? ROOT : open.peek();
  }

  void push(Level level) {
    open.push(level);
    askedKeys.push(false);
  }

  void pop() {
    closed.add(open.pop());
    askedKeys.pop();
  }

  /** A list that stands as far left as its key ends without a token of its own. */
  void popUnindentedList() {
    if (top().kind() == Kind.UNINDENTED_LIST) {
      pop();
    }
  }

  /** Notes whether the key that is next has a question mark. */
  void askForKey(boolean isAsked) {
    askedKeys.pop();
    askedKeys.push(isAsked);
  }

  boolean asksForKey() {
    return askedKeys.peek();
  }

  /** A piece is written: what was closed before it is of no interest any more. */
  void forgetClosed() {
    closed.clear();
  }

  /** The level that a comment in that column is in line with, or else the next one to its left. */
  Level nearest(int column) {
    Level best = new Level(Kind.MAP, -1, 0);
    for (Level level : closed) {
      best = nearer(level, best, column);
    }
    for (Level level : open) {
      best = nearer(level, best, column);
    }
    return best;
  }

  /** Of two levels in the same column, the outer one: they are looked at from the inside. */
  private static Level nearer(Level level, Level best, int column) {
    boolean fits = !level.isFlow() && level.from() <= column;
    return fits && level.from() >= best.from() ? level : best;
  }

  /**
   * A list or map that is open while the pieces are put down.
   *
   * @param kind what it is
   * @param from the column it had
   * @param to the column it gets; of a list or map in brackets, that of its lines
   */
  record Level(Kind kind, int from, int to) {

    enum Kind {
      MAP,
      LIST,
      /** A list that stands as far left as the key it belongs to, which YAML allows. */
      UNINDENTED_LIST,
      /** In brackets or braces. */
      FLOW
    }

    boolean isList() {
      return kind == Kind.LIST || kind == Kind.UNINDENTED_LIST;
    }

    boolean isFlow() {
      return kind == Kind.FLOW;
    }

    /** The column at which the lines of a list or map in brackets start, if it stands in this. */
    int flow() {
      return switch (kind) {
        case MAP, FLOW -> to + Layout.STEP;
        // Two more, for the dash.
        case LIST, UNINDENTED_LIST -> to + 2 * Layout.STEP;
      };
    }
  }
}
