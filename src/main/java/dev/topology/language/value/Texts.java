package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_PATH;
import static dev.topology.source.DiagnosticId.BAD_REGEX;
import static dev.topology.source.DiagnosticId.BAD_TEXT;

import dev.topology.source.Quote;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Parses texts of other kinds. */
final class Texts {

  private static final Set<String> DETOURS = Set.of("", ".", "..");

  private Texts() {}

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

  /** An absolute path in the guest, without detours. */
  static Parsed<String> guestPath(String text) {
    if (!text.startsWith("/")) {
      return Parsed.wrong(
          BAD_PATH,
          Quote.of(text) + " is not an absolute path in the guest",
          "did you mean \"/" + text + "\"? The guest's path comes first, the host's second");
    }
    boolean direct = Stream.of(text.substring(1).split("/", -1)).noneMatch(DETOURS::contains);
    return direct
        ? Parsed.value(text)
        : Parsed.wrong(
            BAD_PATH,
            Quote.of(text) + " cannot be a file of the guest",
            "such as /etc/motd, without \".\", \"..\" or a \"/\" too many");
  }
}
