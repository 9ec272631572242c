package dev.topology.language.containerlab;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables of the environment in a text. Both languages fill them in; containerlab also without
 * braces, and with nothing where there is no such variable.
 */
final class Variables {

  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$\\$|\\$\\{([A-Za-z_][A-Za-z0-9_]*)\\}|\\$([A-Za-z_][A-Za-z0-9_]*)"
              + "|\\$\\{[A-Za-z_][A-Za-z0-9_]*:?-[^}]*\\}|\\$\\{");

  private Variables() {}

  /** The text as a topology file has to have it. */
  static String translate(String text) {
    return VARIABLE.matcher(text).replaceAll(Variables::translate);
  }

  private static String translate(MatchResult match) {
    String name = match.group(1) != null ? match.group(1) : match.group(2);
    String translated =
        name != null
            ? "${" + name + ":-}"
            // Other forms of the shell's are kept as they read.
            : match.group().equals("${") ? "$${" : match.group();
    return Matcher.quoteReplacement(translated);
  }
}
