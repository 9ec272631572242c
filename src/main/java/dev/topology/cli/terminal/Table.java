package dev.topology.cli.terminal;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows whose columns stand under each other, two spaces apart.
 *
 * @param rows of equal length
 */
public record Table(List<List<String>> rows) {

  public Table {
    rows = List.copyOf(rows);
  }

  /** A line for each row, each with its end. */
  @Override
  public String toString() {
    int columns = rows.isEmpty() ? 0 : rows.get(0).size();
    List<Integer> widths = IntStream.range(0, columns).mapToObj(this::width).toList();
    return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String line(List<String> row, List<Integer> widths) {
    String line =
        IntStream.range(0, row.size())
            .mapToObj(i -> row.get(i) + " ".repeat(widths.get(i) - row.get(i).length()))
            .collect(Collectors.joining("  "));
    return line.stripTrailing() + "\n";
  }
}
