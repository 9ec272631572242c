package dev.topology.language.format;

import dev.topology.language.format.Nesting.Level;
import dev.topology.language.format.Nesting.Level.Kind;
import dev.topology.language.format.Pieces.Piece;
import dev.topology.language.format.Rows.Remarks;
import java.util.BitSet;
import java.util.List;
import org.yaml.snakeyaml.tokens.Token.ID;

/**
 * Writes pieces at their places: two columns a level, lists further in than their key, one space
 * where one is needed. Lists and maps in brackets keep their lines. Used once.
 */
final class Layout {

  static final int STEP = 2;

  private final List<Piece> pieces;
  private final Rows rows = new Rows();
  private final Nesting nesting = new Nesting();
  private final Remarks remarks = new Remarks(nesting, rows);
  private final Scalars scalars;
  private final Sections sections;
  private ID last = ID.StreamStart;

  /** Whether the last piece has a comment beside it, after which its line is over. */
  private boolean commented;

  /** Whether a block has been opened since the last written piece, which is then its first. */
  private boolean opened;

  private Layout(List<Piece> pieces) {
    this.pieces = pieces;
    this.scalars = new Scalars(rows, isJson(pieces));
    this.sections = new Sections(pieces);
  }

  private static boolean isJson(List<Piece> pieces) {
    return pieces.stream()
        .filter(it -> it.isWritten() && !it.is(ID.DocumentStart))
        .findFirst()
        .filter(it -> isOpening(it.id()))
        .isPresent();
  }

  /** The text that the pieces make. */
  static String of(List<Piece> pieces) {
    Layout layout = new Layout(pieces);
    for (int at = 0; at < pieces.size(); at++) {
      layout.put(pieces.get(at), at);
    }
    return layout.rows.text();
  }

  private void put(Piece piece, int at) {
    switch (piece.id()) {
      case BlockMappingStart -> open(Kind.MAP, piece);
      case BlockSequenceStart -> open(Kind.LIST, piece);
      case BlockEnd -> close();
      case Key -> key(piece, at);
      case StreamStart -> {}
      default -> written(piece, at);
    }
  }

  private void open(Kind kind, Piece piece) {
    nesting.push(new Level(kind, piece.column(), nesting.top().to() + STEP));
    opened = true;
  }

  private void close() {
    nesting.popUnindentedList();
    nesting.pop();
  }

  /**
   * A key is announced; in a block its line starts here, unless it follows the dash of its list.
   */
  private void key(Piece piece, int at) {
    nesting.popUnindentedList();
    if (!nesting.top().isFlow()) {
      nesting.askForKey(piece.isWritten());
    }
    if (piece.isWritten()) {
      written(piece, at);
    }
  }

  private void written(Piece piece, int at) {
    if (piece.is(ID.BlockEntry) && !nesting.top().isList()) {
      Level map = nesting.top();
      nesting.push(new Level(Kind.UNINDENTED_LIST, map.from(), map.to() + STEP));
      opened = true;
    }
    boolean startsEntry = startsEntry(piece, at);
    int column = column(piece, startsEntry);
    remarks.put(piece, column, opened || isOpening(last), sections.gapBefore(at));
    if (isClosing(piece.id())) {
      nesting.pop();
      column = nesting.top().flow() - STEP;
    }
    place(piece, startsEntry, column);
    text(piece);
    nesting.forgetClosed();
    opened = false;
    if (isOpening(piece.id())) {
      nesting.push(new Level(Kind.FLOW, piece.column(), nesting.top().flow()));
    }
    last = piece.id();
    commented = piece.beside().isPresent();
    if (commented) {
      rows.close(piece.beside());
    }
  }

  private void text(Piece piece) {
    if (piece.is(ID.Scalar)) {
      scalars.put(piece, nesting.top());
    } else if (!piece.is(ID.StreamEnd)) {
      rows.append(piece.text().stripTrailing());
    }
  }

  /** Whether it is the first of an entry of a block: a dash, or the first piece of a key. */
  private boolean startsEntry(Piece piece, int at) {
    if (nesting.top().isFlow() || piece.is(ID.StreamEnd)) {
      return false;
    }
    boolean isKey = piece.is(ID.Key) || (at > 0 && isAnnounced(pieces.get(at - 1)));
    return piece.is(ID.BlockEntry) || isKey || (piece.is(ID.Value) && nesting.asksForKey());
  }

  private static boolean isAnnounced(Piece before) {
    return before.is(ID.Key) && !before.isWritten();
  }

  private int column(Piece piece, boolean startsEntry) {
    if (nesting.top().isFlow()) {
      return nesting.top().to();
    }
    boolean isOutside =
        piece.is(ID.DocumentStart)
            || piece.is(ID.DocumentEnd)
            || piece.is(ID.Directive)
            || piece.is(ID.StreamEnd);
    return isOutside ? 0 : Math.max(0, nesting.top().to() + (startsEntry ? 0 : STEP));
  }

  /** Goes to where the piece is to stand. */
  private void place(Piece piece, boolean startsEntry, int column) {
    boolean breaks =
        !rows.isOpen()
            || commented
            || ((nesting.top().isFlow() || isClosing(piece.id()))
                ? piece.startsLine() && breaksInFlow(piece)
                : breaksInBlock(piece, startsEntry));
    if (breaks) {
      rows.start(column);
    } else if (isApart(piece)) {
      rows.append(" ");
    }
  }

  private boolean breaksInFlow(Piece piece) {
    return last == ID.FlowEntry || isOpening(last) || isClosing(piece.id());
  }

  private boolean breaksInBlock(Piece piece, boolean startsEntry) {
    if (startsEntry) {
      // After a dash or a question mark, an entry goes on in the same line.
      return !opened || (last != ID.BlockEntry && last != ID.Key);
    }
    return switch (piece.id()) {
      case DocumentStart, DocumentEnd, Directive, StreamEnd -> true;
      default -> last == ID.DocumentStart && piece.startsLine();
    };
  }

  private boolean isApart(Piece piece) {
    return switch (piece.id()) {
      case FlowEntry -> false;
      case Value -> last == ID.Alias || last == ID.Anchor || last == ID.Tag;
      case FlowMappingEnd, FlowSequenceEnd -> last == ID.Value;
      default -> !isOpening(last);
    };
  }

  private static boolean isOpening(ID id) {
    return id == ID.FlowMappingStart || id == ID.FlowSequenceStart;
  }

  private static boolean isClosing(ID id) {
    return id == ID.FlowMappingEnd || id == ID.FlowSequenceEnd;
  }

  /**
   * Where a blank line sets off a section of the top level: above and below each that has lines.
   */
  private static final class Sections {

    private final BitSet gaps = new BitSet();

    Sections(List<Piece> pieces) {
      int depth = 0;
      boolean isFirst = true;
      boolean hadLines = false;
      for (int at = 0; at < pieces.size(); at++) {
        switch (pieces.get(at).id()) {
          case BlockMappingStart, BlockSequenceStart, FlowMappingStart, FlowSequenceStart ->
              depth++;
          case BlockEnd, FlowMappingEnd, FlowSequenceEnd -> depth--;
          case Key -> {
            if (depth == 1) {
              boolean hasLines = hasLines(pieces, at);
              gaps.set(written(pieces, at), !isFirst && (hasLines || hadLines));
              hadLines = hasLines;
              isFirst = false;
            }
          }
          default -> {}
        }
      }
    }

    /** Whether there has to be a blank line above that piece. */
    boolean gapBefore(int piece) {
      return gaps.get(piece);
    }

    private static int written(List<Piece> pieces, int key) {
      return pieces.get(key).isWritten() ? key : key + 1;
    }

    private static boolean hasLines(List<Piece> pieces, int key) {
      int at = key;
      while (at < pieces.size() && !pieces.get(at).is(ID.Value)) {
        at++;
      }
      do {
        at++;
      } while (at < pieces.size() && isProperty(pieces.get(at).id()));
      if (at >= pieces.size()) {
        return false;
      }
      return switch (pieces.get(at).id()) {
        case BlockMappingStart, BlockSequenceStart, BlockEntry -> true;
        default -> false;
      };
    }

    private static boolean isProperty(ID id) {
      return id == ID.Anchor || id == ID.Tag;
    }
  }
}
