package dev.topology.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.fail;

import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a file holds, loading it ends soon, in a report whose places are in the file or in a
 * topology whose plan is sound. {@code mvn test -Dtest=LoaderFuzzTest -Dfuzz.seconds=600} looks for
 * longer, and each time elsewhere.
 */
class LoaderFuzzTest {

  private static final Path ODD = Path.of("src/test/resources/corpus/odd");
  private static final int FILES = 400;
  private static final long FIXED_SEED = 20_261_123;

  /** Far above what any takes, even on a busy machine. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/home/ada", "EMPTY", "");

  private static final TopologyLoader LOADER = new TopologyLoader();

  private final ExecutorService worker = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    worker.shutdownNow();
  }

  @Test
  void changedFilesAreReportedOrPlanned() throws Exception {
    Integer seconds = Integer.getInteger("fuzz.seconds");
    long seed = seconds == null ? FIXED_SEED : System.nanoTime();
    Mutator mutator = new Mutator(goodFiles(), seed);
    long deadline = System.nanoTime() + Duration.ofSeconds(seconds == null ? 0 : seconds).toNanos();
    for (int file = 0; seconds == null ? file < FILES : System.nanoTime() < deadline; file++) {
      demand(mutator.next(), "seed " + seed + ", file " + file);
    }
  }

  static List<Path> oddFiles() throws IOException {
    try (Stream<Path> files = Files.list(ODD)) {
      return files.sorted().toList();
    }
  }

  /** YAML at its strangest: by itself, as a topology, and as every part of one. */
  @ParameterizedTest
  @MethodSource("oddFiles")
  void oddYamlIsReportedOrPlanned(Path file) throws Exception {
    String odd = Files.readString(file);
    demand(odd, file + " as a file");
    demand("nodes:\n" + odd.indent(2), file + " as nodes");
    demand("nodes:\n  a:\n" + odd.indent(4), file + " as a node");
    demand("nodes: {a: {}}\ncables:\n" + odd.indent(2), file + " as cables");
    demand("nodes:\n  a:\n    command:\n" + odd.indent(6), file + " as a command");
    demand("nodes:\n  a: {}\n" + odd, file + " after a topology");
    Mutator mutator = new Mutator(List.of(odd, "nodes: {a: {}}\n"), FIXED_SEED);
    for (int change = 0; change < 5; change++) {
      demand(mutator.next(), file + ", change " + change);
    }
  }

  private void demand(String text, String origin) throws InterruptedException {
    try {
      LoadResult result =
          worker.submit(() -> load(text)).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
      assertThatCode(() -> Demands.check(result))
          .as("%s:\n%s", origin, text)
          .doesNotThrowAnyException();
    } catch (ExecutionException e) {
      fail(origin + " makes the loader fail:\n" + text, e.getCause());
    } catch (TimeoutException e) {
      fail(origin + " takes the loader more than " + LONGEST + ":\n" + text, e);
    }
  }

  private LoadResult load(String text) {
    return LOADER.load(LoadRequest.ofText(new SourceText("fuzz.yaml", text), ENVIRONMENT));
  }

  private static List<String> goodFiles() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path folder : List.of(Path.of("src/test/resources/corpus/good"), Path.of("topologies"))) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).sorted().toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts;
  }
}
