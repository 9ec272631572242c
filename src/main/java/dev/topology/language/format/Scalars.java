package dev.topology.language.format;

import java.util.Optional;

/** Puts texts down: in their line, or over several. */
final class Scalars {

  private final Rows rows;
  private final boolean isJson;

  /**
   * Begins.
   *
   * @param isJson whether texts keep the quotes that JSON needs
   */
  Scalars(Rows rows, boolean isJson) {
    this.rows = rows;
    this.isJson = isJson;
  }

  void put(Piece piece, Level level) {
    if (piece.isBlockScalar()) {
      block(piece, level);
    } else {
      flow(isJson ? piece.text() : Quotes.dropFrom(piece.text()), level);
    }
  }

  /** A scalar of several lines is folded: how far in they are says nothing. */
  private void flow(String text, Level level) {
    String[] lines = text.split("\n", -1);
    rows.append(lines.length > 1 ? lines[0].stripTrailing() : text);
    boolean isPlain = !text.startsWith("\"") && !text.startsWith("'");
    int column = level.isFlow() ? level.to() : Math.max(0, level.to() + Layout.STEP);
    for (int at = 1; at < lines.length; at++) {
      String line = lines[at].stripLeading();
      rows.close(Optional.empty());
      if (line.isEmpty()) {
        rows.whole("");
      } else {
        rows.start(column);
        rows.append(isPlain ? line.stripTrailing() : line);
      }
    }
  }

  private void block(Piece piece, Level level) {
    BlockScalar scalar = BlockScalar.of(piece.text(), level.from());
    int column = Math.max(0, level.to()) + (scalar.stated() > 0 ? scalar.stated() : Layout.STEP);
    rows.append(scalar.header());
    rows.close(Optional.empty());
    scalar.lines().forEach(line -> rows.whole(BlockScalar.at(column, line)));
  }
}
