package dev.topology.language.value;

import dev.topology.source.Quote;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Finds what a user probably meant: the candidate that takes the fewest insertions, deletions,
 * replacements and swaps of neighbours (Damerau and Levenshtein's distance), if they are few: one
 * for every three letters of the longer word, and three at the most. A letter written twice is near
 * in a word of any length. Case does not count, nor does the difference between a hyphen and an
 * underscore.
 */
public final class Nearest {

  private static final int MOST_EDITS = 3;
  private static final int LETTERS_PER_EDIT = 3;

  private final List<Candidate> candidates;

  public Nearest(Collection<String> names) {
    this.candidates = names.stream().map(Candidate::of).toList();
  }

  /** The candidate nearest to what was written, if one is near. */
  public static Optional<String> to(String written, Collection<String> names) {
    return new Nearest(names).to(written);
  }

  /** A question for the user: did you mean the nearest? */
  public static Optional<String> hint(String written, Collection<String> names) {
    return to(written, names).map(it -> "did you mean " + Quote.of(it) + "?");
  }

  /** The candidate nearest to what was written, if one is near. */
  public Optional<String> to(String written) {
    Candidate target = Candidate.of(written);
    int tolerance = MOST_EDITS;
    Optional<String> nearest = Optional.empty();
    for (Candidate candidate : written.isBlank() ? List.<Candidate>of() : candidates) {
      if (candidate.mayBeWithin(tolerance, target) && !candidate.name.equals(written)) {
        int distance = distance(target.folded, candidate.folded);
        int length = Math.max(target.folded.length(), candidate.folded.length());
        boolean isNear =
            distance <= length / LETTERS_PER_EDIT
                || isOneLetterTwice(target.folded, candidate.folded);
        if (isNear && distance <= tolerance) {
          nearest = Optional.of(candidate.name);
          tolerance = distance - 1;
        }
      }
    }
    return nearest;
  }

  /**
   * A name to compare with.
   *
   * @param letters one bit for each letter that occurs; one edit changes at most two bits, so most
   *     distances need not be computed
   */
  private record Candidate(String name, String folded, long letters) {

    static Candidate of(String name) {
      String folded = name.toLowerCase(Locale.ROOT).replace('-', '_');
      long letters = 0;
      for (int at = 0; at < folded.length(); at++) {
        letters |= 1L << (folded.charAt(at) & 63);
      }
      return new Candidate(name, folded, letters);
    }

    boolean mayBeWithin(int distance, Candidate other) {
      return Math.abs(folded.length() - other.folded.length()) <= distance
          && Long.bitCount(letters ^ other.letters) <= 2 * distance;
    }
  }

  private static boolean isOneLetterTwice(String written, String name) {
    return written.length() == name.length() + 1
        && IntStream.range(0, name.length())
            .anyMatch(at -> written.equals(name.substring(0, at + 1) + name.substring(at)));
  }

  /** What both begin and end with makes no difference, and is most of two names that are near. */
  private static int distance(String a, String b) {
    int start = 0;
    int endOfA = a.length();
    int endOfB = b.length();
    while (start < Math.min(endOfA, endOfB) && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    while (Math.min(endOfA, endOfB) > start && a.charAt(endOfA - 1) == b.charAt(endOfB - 1)) {
      endOfA--;
      endOfB--;
    }
    return editDistance(a.substring(start, endOfA), b.substring(start, endOfB));
  }

  private static int editDistance(String a, String b) {
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
