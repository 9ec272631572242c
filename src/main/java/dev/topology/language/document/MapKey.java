package dev.topology.language.document;

import org.jspecify.annotations.Nullable;

/**
 * A key of a map whose keys are values, such as {@code 53/udp} in {@code ports}. Two that are
 * written differently are two keys, even if their values are the same.
 *
 * @param text as written
 * @param value what it was parsed into
 */
public record MapKey<T>(String text, T value) {

  // Written out: those of records are generated when first used, which takes milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MapKey<?> that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
