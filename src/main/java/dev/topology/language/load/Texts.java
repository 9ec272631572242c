package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.BAD_REGEX;
import static dev.topology.source.DiagnosticId.BAD_TEXT;

import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The forms of other texts. */
final class Texts {

  private Texts() {}

  /** Whether a text can be handed to any program at all; if not, that is reported. */
  static boolean hasNoNul(String text, Location location, Report report) {
    if (text.indexOf('\0') < 0) {
      return true;
    }
    report.add(Diagnostic.of(BAD_TEXT, location, "a text cannot hold the character NUL (\\0)"));
    return false;
  }

  /** A text that goes on the kernel command line. */
  static Parsed<String> oneLine(String text) {
    String stripped = text.strip();
    return stripped.chars().noneMatch(Character::isISOControl)
        ? Parsed.value(stripped)
        : Parsed.wrong(
            BAD_TEXT,
            "a kernel command line is a single line without control characters",
            "to write it on several, start it with \">-\", which joins them");
  }

  /** A regular expression of {@link Pattern}, found anywhere in what the console says. */
  static Parsed<Pattern> regex(String text) {
    try {
      return Parsed.value(Pattern.compile(text, Pattern.MULTILINE));
    } catch (PatternSyntaxException e) {
      return Parsed.wrong(
          BAD_REGEX,
          Quote.of(text) + " is not a regular expression: " + reason(e),
          "put a backslash before ( ) [ ] { } . * + ? ^ $ | to mean the character itself");
    } catch (StackOverflowError e) {
      // Pattern.compile is recursive; a few thousand opening brackets are enough.
      return Parsed.wrong(BAD_REGEX, "the regular expression is nested too deep");
    }
  }

  private static String reason(PatternSyntaxException e) {
    String description = e.getDescription();
    return description.isEmpty()
        ? "it does not compile"
        : Character.toLowerCase(description.charAt(0)) + description.substring(1);
  }
}
