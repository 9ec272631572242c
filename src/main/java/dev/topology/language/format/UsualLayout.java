package dev.topology.language.format;

import java.util.Map;
import java.util.Optional;

/**
 * The one layout that all topology files can have, so that nobody has to think about it.
 *
 * <p>Two columns a level, lists further in than their key, one space where one is needed, a blank
 * line between sections and never two, no quotes around what is a text without them, no blanks at
 * the ends of lines. What a list or map is written as, in lines or in brackets, stays; so do the
 * order of keys, comments, anchors, and {@code ${VARIABLES}}.
 */
public final class UsualLayout {

  private UsualLayout() {}

  /**
   * The text in that layout; it is equal to the given one if that is in it already. Line ends stay
   * what the first of them is; a byte order mark goes.
   *
   * @param text YAML without syntax errors
   * @param environment values of {@code ${VARIABLES}}, for the comparison of what both mean
   * @throws UnformattableException if the result would not say the same
   */
  public static String of(String text, Map<String, String> environment) {
    boolean isDos = text.indexOf("\r\n") >= 0 && text.indexOf("\r\n") == text.indexOf('\n') - 1;
    String lines = text.replaceFirst("^\uFEFF", "").replace("\r\n", "\n").replace('\r', '\n');
    String result = Layout.of(Pieces.of(lines));
    if (!result.equals(lines)) {
      Optional<String> difference = SameMeaning.difference(lines, result, environment);
      if (difference.isPresent()) {
        throw new UnformattableException(difference.get());
      }
    }
    return isDos ? result.replace("\n", "\r\n") : result;
  }

  /** A text cannot be laid out anew without a change of what it says. It is better left alone. */
  public static final class UnformattableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnformattableException(String message) {
      super(message);
    }
  }
}
