package dev.topology.plan.guest;

import dev.topology.console.GuestText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a guest says over its control port, one line each. */
public sealed interface GuestMessage {

  /**
   * The first line: the guest listens.
   *
   * @param version of the conversation; 1 is the only one there is
   */
  record Hello(int version) implements GuestMessage {}

  /** The guest is set up as it was told; its command, if it has one, runs now. */
  record Ready() implements GuestMessage {}

  /**
   * The command ended, and the guest powers off.
   *
   * @param status as of a shell, 0 to 255: 128 and the signal's number where a signal ended it
   */
  record Exit(int status) implements GuestMessage {}

  /**
   * Something the guest was told cannot be done. It goes on with the rest all the same.
   *
   * @param text what, for people
   */
  record Failure(GuestText text) implements GuestMessage {}

  /**
   * Not a line of this conversation.
   *
   * @param line what it said
   */
  record Malformed(GuestText line) implements GuestMessage {}

  /** What a line says. Never fails: a line that says nothing known is {@link Malformed}. */
  static GuestMessage parse(String line) {
    String text = line.strip();
    if (text.equals("ready")) {
      return new Ready();
    }
    if (text.startsWith("error ")) {
      return new Failure(GuestText.line(text.substring("error ".length())));
    }
    return Numbered.parse(text).orElseGet(() -> new Malformed(GuestText.line(line)));
  }

  /** The messages that are a word and a number. */
  final class Numbered {

    private static final Pattern FORM = Pattern.compile("(hello|exit) (\\d{1,9})");
    private static final int MAX_STATUS = 255;

    private Numbered() {}

    private static Optional<GuestMessage> parse(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int number = Integer.parseInt(matcher.group(2));
      if (matcher.group(1).equals("hello")) {
        return Optional.of(new Hello(number));
      }
      return number > MAX_STATUS ? Optional.empty() : Optional.of(new Exit(number));
    }
  }
}
