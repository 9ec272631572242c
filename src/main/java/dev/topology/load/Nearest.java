package dev.topology.load;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds what a user probably meant: the candidate that takes the fewest insertions, deletions,
 * replacements and swaps of neighbours (Damerau and Levenshtein's distance), if they are few.
 */
public final class Nearest {

  private Nearest() {}

  /** The candidate nearest to what was written, if one is near. */
  public static Optional<String> to(String written, Collection<String> candidates) {
    String folded = fold(written);
    int tolerance = Math.max(1, Math.min(3, (folded.length() + 1) / 3));
    long letters = letters(folded);
    return candidates.stream()
        .filter(it -> Math.abs(it.length() - folded.length()) <= tolerance)
        .filter(it -> Long.bitCount(letters(fold(it)) ^ letters) <= 2 * tolerance)
        .map(it -> new Candidate(it, distance(folded, fold(it))))
        .filter(it -> it.distance() <= tolerance && !it.name().equals(written))
        .min(Comparator.comparingInt(Candidate::distance))
        .map(Candidate::name);
  }

  private record Candidate(String name, int distance) {}

  private static String fold(String text) {
    return text.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** A bit per letter that occurs: one edit changes at most two, which spares most distances. */
  private static long letters(String text) {
    long bits = 0;
    for (int at = 0; at < text.length(); at++) {
      bits |= 1L << (text.charAt(at) & 63);
    }
    return bits;
  }

  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && swapped(a, i, b, j)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }

  private static boolean swapped(String a, int i, String b, int j) {
    return a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
