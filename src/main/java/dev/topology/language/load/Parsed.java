package dev.topology.language.load;

import dev.topology.source.DiagnosticId;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of reading a text in one of the forms of {@link
 * dev.topology.language.document.Syntax}.
 */
sealed interface Parsed<T> {

  /** It reads well. */
  record Value<T>(T it) implements Parsed<T> {}

  /** It does not, and this is what to tell the user. */
  record Wrong<T>(DiagnosticId id, String message, Optional<String> hint) implements Parsed<T> {}

  static <T> Parsed<T> value(T it) {
    return new Value<>(it);
  }

  static <T> Parsed<T> wrong(DiagnosticId id, String message) {
    return new Wrong<>(id, message, Optional.empty());
  }

  static <T> Parsed<T> wrong(DiagnosticId id, String message, String hint) {
    return new Wrong<>(id, message, Optional.of(hint));
  }

  /** The value, if it reads well. */
  default Optional<T> toOptional() {
    return this instanceof Value<T> value ? Optional.of(value.it()) : Optional.empty();
  }

  /** The value of a text that has been found to read well before. */
  default T orElseThrow() {
    return toOptional().orElseThrow(() -> new IllegalStateException("unchecked text: " + this));
  }

  /** What the value leads to, or what is wrong. */
  default <R> Parsed<R> then(Function<T, Parsed<R>> next) {
    return this instanceof Wrong<T> wrong
        ? new Wrong<>(wrong.id(), wrong.message(), wrong.hint())
        : next.apply(orElseThrow());
  }
}
