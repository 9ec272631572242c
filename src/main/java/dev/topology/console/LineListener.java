package dev.topology.console;

/**
 * Hears the lines of one console, in order.
 *
 * <p>Called by the thread that drains the console, or the one that hands out unfinished lines, one
 * call at a time. It must return at once: while it runs, the guest's output waits. A reader that
 * may be slow, such as a terminal, belongs behind a {@link LineMultiplexer}.
 */
@FunctionalInterface
public interface LineListener {

  /** Hears a line, or more of one. Must not throw: a listener that does is removed. */
  void line(ConsoleLine line);
}
