package dev.topology.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** One of a few words, which are the constants of an enumeration in lower case. */
final class Choice {

  private Choice() {}

  /** The words there are; none if the type is no enumeration. */
  static List<String> words(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .toList()
        : List.of();
  }

  /** The constant that a word stands for. */
  static <T extends Enum<T>> T of(String word, Class<T> type) {
    List<String> words = words(type);
    int index = words.indexOf(word);
    if (index < 0) {
      throw new TypeConversionException(
          "\"" + word + "\" is none of " + String.join(", ", words) + Misuse.meant(word, words));
    }
    return type.getEnumConstants()[index];
  }
}
