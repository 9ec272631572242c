package dev.topology.language.load;

import java.util.LinkedHashSet;
import java.util.Set;

/** What fingers make of a word: a letter left out, two swapped, one typed twice. */
final class Slips {

  private Slips() {}

  /** All of them but the word itself and nothing at all. */
  static Set<String> of(String word) {
    Set<String> slips = new LinkedHashSet<>();
    for (int at = 0; at < word.length(); at++) {
      String before = word.substring(0, at);
      String after = word.substring(at + 1);
      slips.add(before + after);
      slips.add(before + word.charAt(at) + word.charAt(at) + after);
      if (!after.isEmpty()) {
        slips.add(before + after.charAt(0) + word.charAt(at) + after.substring(1));
      }
    }
    slips.remove(word);
    slips.remove("");
    return slips;
  }
}
