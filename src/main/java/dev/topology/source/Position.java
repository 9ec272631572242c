package dev.topology.source;

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
