package dev.topology.language.format;

import dev.topology.language.format.Nesting.Level;
import dev.topology.language.format.Piece.Remark;
import java.util.List;
import org.yaml.snakeyaml.tokens.Token.ID;

/** Puts comments and blank lines down above the pieces that they belong to. */
final class Remarks {

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
