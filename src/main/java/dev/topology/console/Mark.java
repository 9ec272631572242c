package dev.topology.console;

/**
 * A place in what a console has printed, to wait or read from. Marks of different consoles have
 * nothing to do with each other.
 *
 * @param position 0 at the first byte; counted in bytes of UTF-8 without carriage returns and
 *     control sequences
 */
public record Mark(long position) {

  /** Where every console begins. */
  public static final Mark START = new Mark(0);

  public Mark {
    if (position < 0) {
      throw new IllegalArgumentException("a mark cannot lie before the start: " + position);
    }
  }
}
