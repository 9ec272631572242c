package dev.topology.language.format;

import dev.topology.language.format.Pieces.Piece.Remark;
import dev.topology.language.format.UsualLayout.UnformattableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.Scanner;
import org.yaml.snakeyaml.scanner.ScannerImpl;
import org.yaml.snakeyaml.tokens.Token;

/**
 * Cuts a text into pieces. What stands between two tokens can only be blanks and comments, so
 * comments are found there rather than by the scanner's own means, which loses those in lists and
 * maps in one line.
 */
final class Pieces {

  /** Those of YAML 1.1 as well, which are line ends between tokens only. */
  private static final Pattern LINE_END = Pattern.compile("[\n\u0085\u2028\u2029]");

  private final int[] text;
  private final List<Piece> pieces = new ArrayList<>();
  private int end;
  private boolean atLineStart = true;

  private Pieces(String text) {
    this.text = text.codePoints().toArray();
  }

  /** All of a text that has no syntax errors, whose lines end in line feeds. */
  static List<Piece> of(String text) {
    Pieces pieces = new Pieces(text);
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    Scanner scanner = new ScannerImpl(new StreamReader(text), options);
    while (scanner.checkToken()) {
      pieces.add(scanner.getToken());
    }
    return pieces.pieces;
  }

  private void add(Token token) {
    int start = token.getStartMark().getIndex();
    int stop = token.getEndMark().getIndex();
    boolean isWritten = stop > start || token.getTokenId() == Token.ID.StreamEnd;
    List<Remark> before = isWritten ? gap(start) : List.of();
    String written = isWritten ? slice(start, stop) : "";
    Piece piece =
        new Piece(
            token.getTokenId(),
            written,
            token.getStartMark().getColumn(),
            isWritten && atLineStart,
            before,
            Optional.empty());
    if (isWritten) {
      end = stop;
      atLineStart = false;
    }
    pieces.add(piece.isBlockScalar() ? withoutBlankEnd(piece) : piece);
  }

  /** The line end of a block scalar, and blank lines that mean nothing, are left to the gap. */
  private Piece withoutBlankEnd(Piece scalar) {
    boolean keeps = scalar.text().lines().findFirst().orElse("").split("#", 2)[0].contains("+");
    String trimmed =
        keeps
            ? scalar.text().replaceFirst("\n$", "")
            : scalar.text().replaceFirst("[ \n]*\n *$", "");
    // A space at the end of the last line is part of it.
    String kept = keeps ? trimmed : scalar.text().substring(0, lastLineEnd(scalar.text()));
    end -= scalar.text().codePointCount(kept.length(), scalar.text().length());
    return new Piece(
        scalar.id(), kept, scalar.column(), scalar.startsLine(), scalar.before(), scalar.beside());
  }

  /** Where the last line ends that is not blank. */
  private static int lastLineEnd(String scalar) {
    int last = scalar.length();
    while (last > 0 && " \n".indexOf(scalar.charAt(last - 1)) >= 0) {
      last--;
    }
    int lineEnd = scalar.indexOf('\n', last);
    return lineEnd < 0 ? scalar.length() : lineEnd;
  }

  /** Takes what stands between the last written token and the next. */
  private List<Remark> gap(int start) {
    List<Remark> before = new ArrayList<>();
    String[] lines = LINE_END.split(slice(end, start), -1);
    for (int at = 0; at < lines.length; at++) {
      String line = lines[at];
      boolean isWhole = at > 0 || pieces.isEmpty() || end == 0;
      boolean isLast = at == lines.length - 1;
      if (line.contains("#")) {
        comment(line, isWhole, before);
      } else if (!line.isBlank()) {
        throw new UnformattableException("between two tokens stands " + line.strip());
      } else if (isWhole && !isLast) {
        before.add(Remark.BLANK);
      }
    }
    atLineStart = lines.length > 1 || end == 0;
    return before;
  }

  private void comment(String line, boolean isWhole, List<Remark> before) {
    int column = line.indexOf('#');
    Remark comment = new Remark(line.substring(column).stripTrailing(), column);
    if (isWhole) {
      before.add(comment);
    } else {
      int last = lastWritten();
      pieces.set(
          last,
          pieces.get(last).with(Optional.of(new Remark(comment.text(), columnOf(end) + column))));
    }
  }

  private int lastWritten() {
    int last = pieces.size() - 1;
    while (!pieces.get(last).isWritten()) {
      last--;
    }
    return last;
  }

  private int columnOf(int index) {
    int start = index;
    while (start > 0 && text[start - 1] != '\n') {
      start--;
    }
    return index - start;
  }

  private String slice(int from, int to) {
    return new String(text, from, Math.max(0, to - from));
  }

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
}
