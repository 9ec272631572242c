package dev.topology.language.format;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which quotes can go without a change of meaning. */
final class Quotes {

  /**
   * Words that start with a letter or a slash, and hold nothing that YAML could mean something by.
   */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./][A-Za-z0-9_./-]*)*");

  /** What YAML 1.1 takes for a truth value or for nothing. */
  private static final Set<String> WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  private Quotes() {}

  /** The scalar without quotes that it does not need. */
  static String dropFrom(String scalar) {
    boolean isQuoted = scalar.length() > 2 && (scalar.startsWith("\"") || scalar.startsWith("'"));
    if (!isQuoted) {
      return scalar;
    }
    String inner = scalar.substring(1, scalar.length() - 1);
    return areNotNeededBy(inner) ? inner : scalar;
  }

  /** Whether a text is the same with and without quotes, wherever it stands. */
  static boolean areNotNeededBy(String text) {
    return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
  }
}
