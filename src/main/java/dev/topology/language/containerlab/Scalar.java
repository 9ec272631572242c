package dev.topology.language.containerlab;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A text as a scalar of YAML, with quotes where it needs some. */
final class Scalar {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./-]*");

  private static final Set<String> WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  private Scalar() {}

  static String of(String text) {
    boolean isPlain =
        PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
    return isPlain ? text : "\"" + escaped(text) + "\"";
  }

  /** Whether a line can stand in a block as it is. */
  static boolean isPrintable(String line) {
    return line.codePoints().allMatch(it -> it == '\t' || !isEscaped(it));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            it -> {
              if (it == '"' || it == '\\') {
                escaped.append('\\').appendCodePoint(it);
              } else if (it == '\n') {
                escaped.append("\\n");
              } else if (isEscaped(it)) {
                escaped.append(String.format("\\U%08x", it));
              } else {
                escaped.appendCodePoint(it);
              }
            });
    return escaped.toString();
  }

  /** What is no printable character of YAML, or looks like none. */
  private static boolean isEscaped(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
