package dev.topology.language.format;

import java.util.BitSet;
import java.util.List;
import org.yaml.snakeyaml.tokens.Token.ID;

/** Where a blank line sets off a section of the top level: above and below each that has lines. */
final class Sections {

  private final BitSet gaps = new BitSet();

  Sections(List<Piece> pieces) {
    int depth = 0;
    boolean isFirst = true;
    boolean hadLines = false;
    for (int at = 0; at < pieces.size(); at++) {
      switch (pieces.get(at).id()) {
        case BlockMappingStart, BlockSequenceStart, FlowMappingStart, FlowSequenceStart -> depth++;
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
