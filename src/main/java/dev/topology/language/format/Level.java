package dev.topology.language.format;

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
