package dev.topology.language.value;

import dev.topology.source.DiagnosticId;
import java.util.Optional;
import java.util.function.Function;

/** A text parsed as a {@link ValueType}: its value, or what is wrong with it. */
public sealed interface Parsed<T> {

  /** It parses. */
  record Value<T>(T it) implements Parsed<T> {}

  /** It does not parse, and this is what to tell the user. */
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

  /** What the value leads to, or what is wrong. */
  default <R> Parsed<R> then(Function<T, Parsed<R>> next) {
    return this instanceof Wrong<T> wrong
        ? new Wrong<>(wrong.id(), wrong.message(), wrong.hint())
        : next.apply(((Value<T>) this).it());
  }
}
