package dev.topology.language.starter;

import java.util.Optional;

/**
 * How large a shape is in one respect.
 *
 * @param name one word: {@code nodes}
 * @param usual its value unless said otherwise
 * @param least the smallest value with which the shape is one
 * @param most the largest value
 * @param limit why it can be no larger, as part of a sentence
 * @param meaning a sentence, without what the other components tell
 */
public record Dimension(String name, int usual, int least, int most, String limit, String meaning) {

  /** What is wrong with a value, if anything. */
  Optional<String> problem(Shape shape, int value) {
    if (value < least) {
      return Optional.of("a " + shape + " has at least " + least + " " + name + ", not " + value);
    }
    return value > most
        ? Optional.of(
            "a " + shape + " has at most " + most + " " + name + ", not " + value + ": " + limit)
        : Optional.empty();
  }
}
