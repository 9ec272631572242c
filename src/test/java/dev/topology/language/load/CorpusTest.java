package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.plan.Planner.PlanException;
import dev.topology.source.DiagnosticRenderer;
import dev.topology.source.DiagnosticRenderer.Paint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of the corpus gives the report or the plan that lies beside it. To add a case, add a
 * {@code .yaml} file, to {@code good} or to the folder in {@code bad} of the mistake that it is
 * about, and have the other one written ({@link Golden}).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {

  private static final Path CORPUS = Path.of("src/test/resources/corpus");

  private final TopologyLoader loader = new TopologyLoader();

  static List<Path> bad() throws IOException {
    return topologies("bad");
  }

  static List<Path> good() throws IOException {
    return topologies("good");
  }

  static List<Path> everything() throws IOException {
    return Stream.concat(bad().stream(), good().stream()).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void badFileGivesItsReport(Path file) throws IOException {
    LoadResult result = CorpusHost.load(loader, file);

    assertThat(result).isInstanceOf(LoadResult.Rejected.class);
    assertThat(result.diagnostics())
        .extracting(it -> it.id().toString())
        .contains(file.getName(file.getNameCount() - 2).toString());
    compare(file, ".errors", report(result));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("good")
  void goodFileGivesItsPlan(Path file) throws IOException, PlanException {
    LoadResult result = CorpusHost.load(loader, file);

    assertThat(result).as(report(result)).isInstanceOf(Loaded.class);
    String warnings = result.diagnostics().isEmpty() ? "" : report(result) + "\n";
    compare(file, ".plan", warnings + PlannedText.of(((Loaded) result).topology()));
  }

  private static String report(LoadResult result) {
    return new DiagnosticRenderer(Paint.NONE).report(result.diagnostics());
  }

  private static void compare(Path file, String ending, String actual) {
    Golden.assertMatches(Path.of(file.toString().replace(".yaml", ending)), actual);
  }

  private static List<Path> topologies(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(CORPUS.resolve(folder))) {
      return files
          .filter(it -> it.toString().endsWith(".yaml"))
          .sorted(Comparator.comparing(it -> it.getFileName().toString()))
          .toList();
    }
  }
}
