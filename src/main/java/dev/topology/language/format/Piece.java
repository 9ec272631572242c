package dev.topology.language.format;

import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.tokens.Token;

/**
 * A token of YAML with what stands before it and beside it. Some have no text: those that the
 * scanner makes up where a block starts or ends.
 *
 * @param id which token
 * @param text as written
 * @param column where it starts, counted from 0
 * @param startsLine whether nothing but blanks stands before it on its line
 * @param before comments and blank lines above it, in order
 * @param beside the comment that follows it on its line
 */
record Piece(
    Token.ID id,
    String text,
    int column,
    boolean startsLine,
    List<Remark> before,
    Optional<Remark> beside) {

  Piece {
    before = List.copyOf(before);
  }

  boolean is(Token.ID other) {
    return id == other;
  }

  boolean isWritten() {
    return !text.isEmpty() || id == Token.ID.StreamEnd;
  }

  boolean isBlockScalar() {
    return is(Token.ID.Scalar) && (text.startsWith("|") || text.startsWith(">"));
  }

  Piece with(Optional<Remark> comment) {
    return new Piece(id, text, column, startsLine, before, comment);
  }

  /**
   * A comment, or a blank line.
   *
   * @param text with its {@code #}; empty for a blank line
   * @param column where it starts, counted from 0
   */
  record Remark(String text, int column) {

    static final Remark BLANK = new Remark("", 0);

    boolean isBlank() {
      return text.isEmpty();
    }
  }
}
