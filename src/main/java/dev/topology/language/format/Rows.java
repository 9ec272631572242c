package dev.topology.language.format;

import dev.topology.language.format.Nesting.Level;
import dev.topology.language.format.Pieces.Piece;
import dev.topology.language.format.Pieces.Piece.Remark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.tokens.Token.ID;

/**
 * The lines of the result as they are written. Comments at the ends of lines that stood below each
 * other do so afterwards.
 */
final class Rows {

  /** The least that stands between a line and its comment. */
  private static final int APART = 2;

  private record Row(String text, Optional<Remark> comment) {}

  private final List<Row> rows = new ArrayList<>();
  private StringBuilder row = new StringBuilder();
  private boolean isOpen;

  /** Whether something is written on the line now. */
  boolean isOpen() {
    return isOpen;
  }

  void append(String text) {
    row.append(text);
    isOpen = true;
  }

  /** Ends the line, if one is begun, and begins one at that column. */
  void start(int column) {
    close(Optional.empty());
    row.append(" ".repeat(column));
  }

  /** Ends the line, if one is begun. */
  void close(Optional<Remark> comment) {
    if (isOpen) {
      rows.add(new Row(row.toString(), comment));
    }
    row = new StringBuilder();
    isOpen = false;
  }

  /** A line as it is. */
  void whole(String text) {
    close(Optional.empty());
    rows.add(new Row(text, Optional.empty()));
  }

  /** A blank line, unless there is one, or it would be the first. */
  void blank() {
    close(Optional.empty());
    if (!rows.isEmpty() && !rows.get(rows.size() - 1).text().isEmpty()) {
      whole("");
    }
  }

  String text() {
    close(Optional.empty());
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < rows.size(); at++) {
      Row it = rows.get(at);
      text.append(it.text());
      if (it.comment().isPresent()) {
        int gap = column(at) - width(it);
        text.append(" ".repeat(gap)).append(it.comment().get().text());
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** Where the comment of a row goes: behind the longest of the rows it was in line with. */
  private int column(int at) {
    int first = at;
    int last = at;
    while (first > 0 && areInLine(first - 1, first)) {
      first--;
    }
    while (last < rows.size() - 1 && areInLine(last, last + 1)) {
      last++;
    }
    return rows.subList(first, last + 1).stream().mapToInt(Rows::width).max().orElseThrow() + APART;
  }

  private boolean areInLine(int above, int below) {
    Optional<Remark> upper = rows.get(above).comment();
    Optional<Remark> lower = rows.get(below).comment();
    return upper.isPresent() && lower.isPresent() && upper.get().column() == lower.get().column();
  }

  private static int width(Row row) {
    return row.text().codePointCount(0, row.text().length());
  }

  /** Writes comments and blank lines above the pieces that they belong to. */
  static final class Remarks {

    private final Nesting nesting;
    private final Rows rows;

    Remarks(Nesting nesting, Rows rows) {
      this.nesting = nesting;
      this.rows = rows;
    }

    /**
     * Writes those above a piece.
     *
     * @param column where the piece is to stand
     * @param isFirstOfBlock whether blank lines would stand at the start of a block
     * @param startsSection whether there has to be a blank line
     */
    void put(Piece piece, int column, boolean isFirstOfBlock, boolean startsSection) {
      List<Remark> remarks = piece.before();
      boolean isFirst = isFirstOfBlock;
      int gap = startsSection ? gap(piece, column) : -1;
      for (int index = 0; index < remarks.size(); index++) {
        Remark remark = remarks.get(index);
        if (index == gap) {
          rows.blank();
        }
        if (!remark.isBlank()) {
          rows.whole(" ".repeat(columnOf(remark, piece, column)) + remark.text());
          isFirst = false;
        } else if (!isFirst && !(piece.is(ID.StreamEnd) && areBlank(remarks, index))) {
          rows.blank();
        }
      }
      if (gap == remarks.size()) {
        rows.blank();
      }
    }

    private static boolean areBlank(List<Remark> remarks, int from) {
      return remarks.subList(from, remarks.size()).stream().allMatch(Remark::isBlank);
    }

    /** Above which of the remarks the blank line between two sections goes; -1 if there is one. */
    private int gap(Piece piece, int column) {
      List<Remark> remarks = piece.before();
      if (remarks.stream().anyMatch(Remark::isBlank)) {
        return -1;
      }
      for (int at = 0; at < remarks.size(); at++) {
        if (columnOf(remarks.get(at), piece, column) == 0) {
          return at;
        }
      }
      return remarks.size();
    }

    /** A comment belongs to the level it was in line with, or else to the next one to its left. */
    private int columnOf(Remark comment, Piece next, int column) {
      if (nesting.top().isFlow()
          || (comment.column() == next.column() && next.startsLine() && !next.is(ID.StreamEnd))) {
        return column;
      }
      Level best = nesting.nearest(comment.column());
      boolean isDeeper = comment.column() > next.column() && next.column() > best.from();
      return isDeeper && !next.is(ID.StreamEnd) ? column : best.to();
    }
  }
}
