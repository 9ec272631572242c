package dev.topology.text;

import java.util.regex.Pattern;

/** Writes an argument so that a POSIX shell reads it back as it was. POSIX.1-2017, XCU 2.2. */
public final class ShellWord {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWord() {}

  /** The argument itself where it needs no quotes. */
  public static String quote(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
