package dev.topology.console;

import java.util.Optional;

/**
 * An expectation at work on a text that grows: each call looks only at what came since the last.
 * Not thread-safe; the transcript's lock guards it.
 */
interface Search {

  static Search of(Expectation expectation, long from) {
    if (expectation instanceof Expectation.Text text) {
      return new TextSearch(text.text(), from);
    }
    return new LineSearch(((Expectation.Line) expectation).regex(), from);
  }

  /**
   * Looks at what is new.
   *
   * @throws TooCostlyException when the expectation cannot be decided at a bearable cost
   */
  Optional<Match> advance(TextBuffer text);

  /**
   * Thrown on a hot path and turned into an {@link ExpectationException}: it has no stack trace.
   */
  final class TooCostlyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooCostlyException(String message) {
      super(message, null, false, false);
    }
  }
}
