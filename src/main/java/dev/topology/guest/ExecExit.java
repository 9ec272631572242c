package dev.topology.guest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A guest's word that the command of a {@link ExecRequest} has ended: {@code exit 7 0}.
 *
 * @param id of the command
 * @param status as of a shell, 0 to 255: 128 and the signal's number where a signal ended it
 */
public record ExecExit(long id, int status) {

  private static final Pattern FORM = Pattern.compile("exit (\\d{1,18}) (\\d{1,3})");

  /** What a line says, unless it says something else. */
  public static Optional<ExecExit> parse(String line) {
    Matcher form = FORM.matcher(line);
    return form.matches()
        ? Optional.of(new ExecExit(Long.parseLong(form.group(1)), Integer.parseInt(form.group(2))))
        : Optional.empty();
  }
}
