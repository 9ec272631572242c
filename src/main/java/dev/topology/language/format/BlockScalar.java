package dev.topology.language.format;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in the style of {@code |} or {@code >}, moved to another indentation.
 *
 * @param header its first line
 * @param lines the others, as far to the left as they go
 * @param stated what the header says about the indentation; 0 if nothing
 */
record BlockScalar(String header, List<String> lines, int stated) {

  private static final Pattern INDICATOR = Pattern.compile("[|>][+-]?([1-9])");

  /**
   * Reads one.
   *
   * @param parent the column of the block it stands in, from which a stated indentation counts
   */
  static BlockScalar of(String text, int parent) {
    String[] all = text.split("\n", -1);
    Matcher matcher = INDICATOR.matcher(all[0]);
    int stated = matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    List<String> below = Arrays.asList(all).subList(1, all.length);
    int indent = stated > 0 ? Math.max(0, parent) + stated : firstIndent(below);
    return new BlockScalar(
        all[0].stripTrailing(),
        below.stream().map(it -> it.substring(Math.min(indent, leading(it)))).toList(),
        stated);
  }

  /** A line at its place. */
  static String at(int column, String line) {
    return line.isEmpty() ? "" : " ".repeat(column) + line;
  }

  private static int firstIndent(List<String> lines) {
    return lines.stream()
        .filter(it -> !it.isBlank())
        .mapToInt(BlockScalar::leading)
        .findFirst()
        .orElse(0);
  }

  private static int leading(String line) {
    int spaces = 0;
    while (spaces < line.length() && line.charAt(spaces) == ' ') {
      spaces++;
    }
    return spaces;
  }
}
