package dev.topology.console;

import java.util.List;

/**
 * Text that a wait was for and the console printed.
 *
 * @param text what was printed
 * @param groups the capturing groups of a regular expression, the first group first; a group that
 *     took no part is empty
 * @param start where the text begins
 * @param end where the text ends: the mark to wait from for what comes after it
 */
public record Match(String text, List<String> groups, Mark start, Mark end) {

  public Match {
    groups = List.copyOf(groups);
  }
}
