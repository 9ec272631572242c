package dev.topology.guest;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A guest's word that it has opened the ports of an {@link ExecRequest}: {@code open 7}. */
public final class ExecOpened {

  private static final Pattern FORM = Pattern.compile("open (\\d{1,18})");

  private ExecOpened() {}

  /** The command whose ports a line says are open, unless it says something else. */
  public static OptionalLong parse(String line) {
    Matcher form = FORM.matcher(line);
    return form.matches() ? OptionalLong.of(Long.parseLong(form.group(1))) : OptionalLong.empty();
  }
}
