package dev.topology.language.load;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.SourceText;
import java.util.Optional;

/**
 * Looks for a stretch of text so long that it can only be a mistake. The parser keeps a whole word
 * or comment in a window that it copies each time it reads a kilobyte on: a word of eight megabytes
 * takes it a quarter of a minute.
 */
final class LongValue {

  private static final int LONGEST = 256 * 1024;
  private static final String ENDS = "\n\"'";

  private LongValue() {}

  /** The first of them. */
  static Optional<Diagnostic> find(SourceText source) {
    String text = source.text();
    int start = 0;
    for (int at = 0; at < text.length(); at++) {
      if (ENDS.indexOf(text.charAt(at)) >= 0) {
        start = at + 1;
      } else if (at - start == LONGEST) {
        int codePoint = text.codePointCount(0, start);
        return Optional.of(
            Diagnostic.of(
                    DiagnosticId.OVERSIZED,
                    source.locate(codePoint, codePoint + 1),
                    "more than "
                        + (LONGEST >> 10)
                        + " KiB without a line end or a quote start here")
                .hint("is it the right file? Large contents belong in files of their own"));
      }
    }
    return Optional.empty();
  }
}
