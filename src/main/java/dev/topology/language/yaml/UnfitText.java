package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.SourceText;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/** What no YAML parser should be given. */
public final class UnfitText {

  private static final int LONGEST = 256 * 1024;
  private static final String ENDS = "\n\"'";

  private UnfitText() {}

  /** The first character that YAML text cannot hold, such as NUL in a binary file. */
  public static Optional<Diagnostic> unprintable(SourceText source) {
    String text = source.text();
    int index = 0;
    for (int at = 0; at < text.length(); index++) {
      int codePoint = text.codePointAt(at);
      if (!StreamReader.isPrintable(codePoint)) {
        return Optional.of(
            Diagnostic.of(
                    DiagnosticId.NOT_TEXT,
                    source.locate(index, index + 1),
                    String.format("the file holds the control character U+%04X here", codePoint))
                .hint("is it the right file? In double quotes, write an escape such as \\x1b"));
      }
      at += Character.charCount(codePoint);
    }
    return Optional.empty();
  }

  /**
   * A stretch of text so long that it can only be a mistake. The parser keeps a whole word or
   * comment in a window that it copies each time it reads a kilobyte on: a word of eight megabytes
   * takes it a quarter of a minute.
   */
  public static Optional<Diagnostic> longStretch(SourceText source) {
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
