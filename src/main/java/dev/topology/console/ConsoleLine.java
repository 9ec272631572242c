package dev.topology.console;

/**
 * One line of a console as far as it is known, free of control characters other than tabs.
 *
 * <p>A line without an end, such as a prompt, is given out unfinished after a quiet moment and
 * again when more of it comes:
 *
 * <pre>
 *   ("login: ",     unfinished)
 *   ("login: root", finished)
 *   ("10%",         unfinished)
 *   ("done",        finished)     a carriage return: the line was written anew
 * </pre>
 *
 * @param text the whole line as it is now, without its line end
 * @param finished whether the line has ended, so that nothing of it will follow
 */
public record ConsoleLine(String text, boolean finished) {

  /**
   * Hears the lines of one console, in order.
   *
   * <p>Called by the thread that drains the console, or the one that hands out unfinished lines,
   * one call at a time. It must return at once: while it runs, the guest's output waits. A reader
   * that may be slow, such as a terminal, belongs behind a {@link LineMultiplexer}.
   */
  @FunctionalInterface
  public interface LineListener {

    /** Hears a line, or more of one. Must not throw: a listener that does is removed. */
    void line(ConsoleLine line);
  }
}
