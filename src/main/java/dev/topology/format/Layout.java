package dev.topology.format;

import dev.topology.format.Level.Kind;
import dev.topology.format.Piece.Remark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.tokens.Token.ID;

/**
 * Puts pieces down where they belong: two columns a level, lists further in than their key, one
 * space where one is needed. Lists and maps in brackets keep their lines. Used once.
 */
final class Layout {

  static final int STEP = 2;

  private static final Level ROOT = new Level(Kind.MAP, -1, -STEP);

  private final List<Piece> pieces;
  private final boolean isJson;
  private final Rows rows = new Rows();
  private final Deque<Level> open = new ArrayDeque<>();
  private final List<Level> closed = new ArrayList<>();
  private final Deque<Boolean> askedKeys = new ArrayDeque<>();
  private final Sections sections;
  private ID last = ID.StreamStart;
  private boolean commented;

  /** Whether a block has been opened since the last written piece, which is then its first. */
  private boolean opened;

  private Layout(List<Piece> pieces) {
    this.pieces = pieces;
    this.isJson =
        pieces.stream()
            .filter(it -> it.isWritten() && !it.is(ID.DocumentStart))
            .findFirst()
            .filter(it -> it.is(ID.FlowMappingStart) || it.is(ID.FlowSequenceStart))
            .isPresent();
    this.sections = new Sections(pieces);
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
    push(new Level(kind, piece.column(), top().to() + STEP));
    opened = true;
  }

  private void push(Level level) {
    open.push(level);
    askedKeys.push(false);
  }

  private void close() {
    if (top().kind() == Kind.UNINDENTED_LIST) {
      pop();
    }
    pop();
  }

  private void pop() {
    closed.add(open.pop());
    askedKeys.pop();
  }

  private Level top() {
    return open.isEmpty() ? ROOT : open.peek();
  }

  /**
   * A key is announced; in a block its line starts here, unless it follows the dash of its list.
   */
  private void key(Piece piece, int at) {
    if (top().kind() == Kind.UNINDENTED_LIST) {
      pop();
    }
    if (!top().isFlow()) {
      askedKeys.pop();
      askedKeys.push(piece.isWritten());
    }
    if (piece.isWritten()) {
      written(piece, at);
    }
  }

  private void written(Piece piece, int at) {
    if (piece.is(ID.BlockEntry) && !top().isList()) {
      push(new Level(Kind.UNINDENTED_LIST, top().from(), top().to() + STEP));
      opened = true;
    }
    boolean startsEntry = startsEntry(piece, at);
    if (piece.is(ID.FlowMappingEnd) || piece.is(ID.FlowSequenceEnd)) {
      remarks(piece, top().to(), at);
      pop();
      place(piece, startsEntry, top().flow() - STEP);
    } else {
      int column = column(piece, startsEntry);
      remarks(piece, column, at);
      place(piece, startsEntry, column);
    }
    text(piece);
    closed.clear();
    opened = false;
    if (piece.is(ID.FlowMappingStart) || piece.is(ID.FlowSequenceStart)) {
      push(new Level(Kind.FLOW, piece.column(), top().flow()));
    }
    last = piece.id();
    commented = piece.beside().isPresent();
    if (commented) {
      rows.close(piece.beside());
    }
  }

  /** Whether it is the first of an entry of a block: a dash, or the first piece of a key. */
  private boolean startsEntry(Piece piece, int at) {
    if (top().isFlow() || piece.is(ID.StreamEnd)) {
      return false;
    }
    boolean isKey = piece.is(ID.Key) || (at > 0 && isAnnounced(pieces.get(at - 1)));
    return piece.is(ID.BlockEntry) || isKey || (piece.is(ID.Value) && askedKeys.peek());
  }

  private static boolean isAnnounced(Piece before) {
    return before.is(ID.Key) && !before.isWritten();
  }

  private int column(Piece piece, boolean startsEntry) {
    if (top().isFlow()) {
      return top().to();
    }
    boolean isOutside =
        piece.is(ID.DocumentStart)
            || piece.is(ID.DocumentEnd)
            || piece.is(ID.Directive)
            || piece.is(ID.StreamEnd);
    return isOutside ? 0 : Math.max(0, top().to() + (startsEntry ? 0 : STEP));
  }

  /** Writes the comments and blank lines above a piece. */
  private void remarks(Piece piece, int column, int at) {
    List<Remark> remarks = piece.before();
    boolean isFirst = opened || isOpening(last);
    int gap = sections.gapBefore(at) ? gap(piece, column) : -1;
    for (int index = 0; index < remarks.size(); index++) {
      Remark remark = remarks.get(index);
      if (index == gap) {
        rows.blank();
      }
      if (!remark.isBlank()) {
        rows.whole(" ".repeat(columnOf(remark, piece, column)) + remark.text());
        isFirst = false;
        commented = true;
      } else if (!isFirst && !(piece.is(ID.StreamEnd) && areBlank(remarks, index))) {
        rows.blank();
        commented = true;
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
    if (top().isFlow()
        || (comment.column() == next.column() && next.startsLine() && !next.is(ID.StreamEnd))) {
      return column;
    }
    Level best = new Level(Kind.MAP, -1, 0);
    for (Level level : closed) {
      best = nearer(level, best, comment);
    }
    for (Level level : open) {
      best = nearer(level, best, comment);
    }
    boolean isDeeper = comment.column() > next.column() && next.column() > best.from();
    return isDeeper && !next.is(ID.StreamEnd) ? column : best.to();
  }

  /** Of two levels in the same column, the outer one: they are looked at from the inside. */
  private static Level nearer(Level level, Level best, Remark comment) {
    boolean fits = !level.isFlow() && level.from() <= comment.column();
    return fits && level.from() >= best.from() ? level : best;
  }

  /** Goes to where the piece is to stand. */
  private void place(Piece piece, boolean startsEntry, int column) {
    boolean breaks =
        !rows.isOpen()
            || commented
            || ((top().isFlow() || isClosing(piece.id()))
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

  private void text(Piece piece) {
    if (piece.isBlockScalar()) {
      block(piece);
    } else if (piece.is(ID.Scalar)) {
      scalar(isJson ? piece.text() : Quotes.dropFrom(piece.text()));
    } else if (!piece.is(ID.StreamEnd)) {
      rows.append(piece.text().stripTrailing());
    }
  }

  /** A scalar of several lines is folded: how far in they are says nothing. */
  private void scalar(String text) {
    String[] lines = text.split("\n", -1);
    rows.append(lines.length > 1 ? lines[0].stripTrailing() : text);
    boolean isPlain = !text.startsWith("\"") && !text.startsWith("'");
    int column = top().isFlow() ? top().to() : Math.max(0, top().to() + STEP);
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

  private void block(Piece piece) {
    BlockScalar scalar = BlockScalar.of(piece.text(), top().from());
    int column = Math.max(0, top().to()) + (scalar.stated() > 0 ? scalar.stated() : STEP);
    rows.append(scalar.header());
    rows.close(Optional.empty());
    scalar.lines().forEach(line -> rows.whole(BlockScalar.at(column, line)));
  }
}
