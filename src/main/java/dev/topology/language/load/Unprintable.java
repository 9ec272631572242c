package dev.topology.language.load;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.SourceText;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/** Looks for characters that YAML text cannot hold, such as NUL in a binary file. */
final class Unprintable {

  private Unprintable() {}

  /** The first of them. */
  static Optional<Diagnostic> find(SourceText source) {
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
}
