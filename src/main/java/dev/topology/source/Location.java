package dev.topology.source;

/**
 * A stretch of a text.
 *
 * @param source the text
 * @param start its first character
 * @param end the character after its last one, perhaps on a later line
 */
public record Location(SourceText source, Position start, Position end) {

  /** The beginning of a text, for what is wrong with all of it. */
  public static Location startOf(SourceText source) {
    return new Location(source, Position.START, Position.START);
  }

  /** The name of the text. */
  public String file() {
    return source.name();
  }

  /** A part of this stretch, on its first line: so many code points in, so many long. */
  public Location part(int offset, int length) {
    int column = start.column() + offset;
    return new Location(
        source,
        new Position(start.line(), column),
        new Position(start.line(), column + Math.max(length, 1)));
  }

  /** This place as a message about another place names it: without the file if that is the same. */
  public String seenFrom(Location other) {
    if (!file().equals(other.file())) {
      return toString();
    }
    return source.isCompiled() ? "line " + start.line() : start.toString();
  }

  /** As compilers write it: {@code lab.yaml:7:5}, or {@code FailoverTest.java:34}. */
  @Override
  public String toString() {
    if (source.isCompiled()) {
      return file() + ":" + start.line();
    }
    return source.isEmpty() ? file() : file() + ":" + start;
  }

  /**
   * A place in a text, as editors count it.
   *
   * @param line 1 for the first line
   * @param column 1 for the first character of a line, counted in Unicode code points
   */
  public record Position(int line, int column) implements Comparable<Position> {

    /** The first character of a text. */
    public static final Position START = new Position(1, 1);

    public Position {
      if (line < 1 || column < 1) {
        throw new IllegalArgumentException("line and column start at 1: " + line + ":" + column);
      }
    }

    @Override
    public int compareTo(Position other) {
      return line != other.line
          ? Integer.compare(line, other.line)
          : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
      return line + ":" + column;
    }
  }
}
