package dev.topology.guest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a guest's answer to a {@link ShellRequest}: {@code 7 0 54 0}. The bytes of both
 * outputs follow it, one after the other and nothing in between.
 *
 * @param id of the command
 * @param status as of a shell, 0 to 255: 128 and the signal's number where a signal ended it
 * @param outputBytes how many it wrote to standard output
 * @param errorBytes how many it wrote to standard error
 */
public record ShellAnswer(long id, int status, int outputBytes, int errorBytes) {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,18}) (\\d{1,3}) (\\d{1,9}) (\\d{1,9})");

  /** What a line says, unless it is no answer. */
  public static Optional<ShellAnswer> parse(String line) {
    Matcher form = FORM.matcher(line);
    return form.matches()
        ? Optional.of(
            new ShellAnswer(
                Long.parseLong(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                Integer.parseInt(form.group(4))))
        : Optional.empty();
  }
}
