package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.DiagnosticRenderer.Paint;
import dev.topology.source.Explanation;
import dev.topology.source.Explanation.Example;
import dev.topology.source.SourceText;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of mistake has a page, and the examples on it are what they claim to be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplanationTest {

  /** No small text on a page can show these. */
  private static final Set<DiagnosticId> WITHOUT_EXAMPLE =
      EnumSet.of(
          DiagnosticId.NO_SUCH_FILE,
          DiagnosticId.UNREADABLE_FILE,
          DiagnosticId.TOO_LARGE,
          DiagnosticId.NOT_TEXT,
          DiagnosticId.OVERSIZED);

  private final TopologyLoader loader = new TopologyLoader();

  @ParameterizedTest
  @EnumSource
  void everyKindOfMistakeHasAPage(DiagnosticId id) {
    Explanation page = Explanation.of(id);

    assertThat(page.markdown()).startsWith("# " + id + "\n");
    assertThat(page.meaning()).endsWith(".\n");
    assertThat(page.reason()).endsWith(".\n");
    assertThat(page.meaning().lines()).allMatch(line -> line.length() <= 80);
    assertThat(page.reason().lines()).allMatch(line -> line.length() <= 80);
    assertThat(page.example().isEmpty()).isEqualTo(WITHOUT_EXAMPLE.contains(id));
  }

  @ParameterizedTest
  @EnumSource
  void theWrongFileIsWrongInJustThatWay(DiagnosticId id) {
    for (Example example : Explanation.of(id).example().stream().toList()) {
      LoadResult result = load(id, example.wrong());

      assertThat(result.diagnostics()).extracting(Diagnostic::id).as(report(result)).contains(id);
      assertThat(result.diagnostics())
          .filteredOn(Diagnostic::isError)
          .extracting(Diagnostic::id)
          .as(report(result))
          .allMatch(it -> it == id);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theRightFileIsFine(DiagnosticId id) {
    for (Example example : Explanation.of(id).example().stream().toList()) {
      LoadResult result = load(id, example.right());

      assertThat(result).as(report(result)).isInstanceOf(Loaded.class);
      assertThat(result.diagnostics()).as(report(result)).isEmpty();
    }
  }

  private LoadResult load(DiagnosticId id, String yaml) {
    String file = id == DiagnosticId.NO_NAME ? "---.yaml" : "example.yaml";
    return CorpusHost.load(loader, new SourceText(file, yaml));
  }

  private static String report(LoadResult result) {
    List<Diagnostic> diagnostics = result.diagnostics();
    return new DiagnosticRenderer(Paint.NONE).report(diagnostics);
  }
}
