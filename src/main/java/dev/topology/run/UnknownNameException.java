package dev.topology.run;

import dev.topology.text.HumanText;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A topology was asked for a node, cable or channel that it does not have. */
public final class UnknownNameException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int NAMED = 20;

  private final String kind;
  private final transient List<String> known;

  private UnknownNameException(String kind, String message, List<String> known) {
    super(message);
    this.kind = kind;
    this.known = known;
  }

  /**
   * Says which names there are, those most like the wanted one first.
   *
   * @param kind such as {@code node}
   * @param place such as {@code topology "lab"}
   */
  static UnknownNameException of(
      String kind, String wanted, String place, Collection<String> names) {
    List<String> nearest =
        names.stream().sorted(Comparator.comparingInt(name -> distance(wanted, name))).toList();
    String there =
        nearest.isEmpty()
            ? "it has no " + kind + " at all"
            : "there is " + HumanText.list(nearest, NAMED);
    return new UnknownNameException(
        kind, place + " has no " + kind + " \"" + wanted + "\"; " + there, nearest);
  }

  /** What was asked for, such as {@code node}. */
  public String kind() {
    return kind;
  }

  /** The names there are, those most like the wanted one first. */
  public List<String> known() {
    return known;
  }

  /** Levenshtein's distance. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      int diagonal = i - 1;
      for (int j = 0; j <= other.length(); j++) {
        int above = row[j];
        row[j] = i == 0 || j == 0 ? i + j : nearest(one, i, other, j, diagonal, row);
        diagonal = above;
      }
    }
    return row[other.length()];
  }

  private static int nearest(String one, int i, String other, int j, int diagonal, int[] row) {
    int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
    return Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
  }
}
