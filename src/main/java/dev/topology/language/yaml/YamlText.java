package dev.topology.language.yaml;

import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.SourceText;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A text that is checked to be YAML, and for nothing else. Immutable.
 *
 * @param source the text; empty if it could not be read
 * @param problems why it is not YAML; empty if it is
 */
public record YamlText(SourceText source, List<Diagnostic> problems) {

  /** What can be wrong with YAML as such. */
  private static final Set<DiagnosticId> OF_YAML =
      EnumSet.of(
          DiagnosticId.SYNTAX,
          DiagnosticId.TOO_DEEP,
          DiagnosticId.UNKNOWN_ALIAS,
          DiagnosticId.RECURSIVE_ALIAS,
          DiagnosticId.TOO_MANY_ALIASES);

  public YamlText {
    problems = List.copyOf(problems);
  }

  /** Reads a file. Blocks while it is read. */
  public static YamlText read(Path file) {
    return of(SourceFile.read(file));
  }

  /** Reads a stream to its end, and leaves it open. Blocks until then. */
  public static YamlText read(InputStream in, String name) {
    return of(SourceFile.read(in, name));
  }

  private static YamlText of(SourceFile file) {
    if (file.problem().isPresent()) {
      return new YamlText(file.text(), List.of(file.problem().get()));
    }
    Report report = new Report();
    // Variables without a value are reported too, but not passed on.
    YamlReader.read(file.text(), new Interpolation(Map.of(), report), report);
    return new YamlText(
        file.text(), report.sorted().stream().filter(it -> OF_YAML.contains(it.id())).toList());
  }
}
