package dev.topology.language.load;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.topology.language.load.LoadResult.Loaded;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyLoaderTest {

  private static final TopologyLoader LOADER = new TopologyLoader();

  @TempDir private Path folder;

  @Test
  void loadsFileWithPathsRelativeToIt() throws IOException {
    Path file = write("lab.yaml", "nodes: {a: {files: {/etc/motd: ./motd.txt}}}\n");
    Path motd = write("motd.txt", "hello\n");

    LoadResult result = LOADER.loadFile(file, Map.of());

    assertThat(((Loaded) result).topology().nodes().get(0).files().get(0).hostPath())
        .isEqualTo(motd);
  }

  @Test
  void namesTheTopologyAfterItsFile() throws IOException {
    Path file = write("Lab_1.topology.yaml", "nodes: {a: {}}\n");

    LoadResult result = LOADER.loadFile(file, Map.of());

    assertThat(((Loaded) result).topology().name()).isEqualTo("lab-1-topology");
  }

  @Test
  void saysThatFileIsMissing() {
    Diagnostic problem = onlyProblem(folder.resolve("missing.yaml"));

    assertThat(problem.id()).isEqualTo(DiagnosticId.NO_SUCH_FILE);
    assertThat(problem.location()).hasToString(folder + "/missing.yaml");
  }

  @Test
  void saysThatFileIsDirectory() {
    assertThat(onlyProblem(folder).message()).isEqualTo("this is a directory, not a file");
  }

  @Test
  void saysThatFileMayNotBeRead() throws IOException {
    Path file = write("secret.yaml", "nodes: {a: {}}\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "root may read everything");

    assertThat(onlyProblem(file).message()).isEqualTo("the file may not be read");
  }

  @Test
  void readsNoMoreThanItsLimitOfHugeFile() {
    Diagnostic problem = onlyProblem(Path.of("/dev/zero"));

    assertThat(problem.id()).isEqualTo(DiagnosticId.TOO_LARGE);
    assertThat(problem.message()).contains("8 MiB");
  }

  @Test
  void looksAtFilesOfTheHost() throws IOException {
    Path file = write("lab.yaml", "nodes: {a: {kernel: ., initramfs: nothing, image: none}}\n");

    LoadResult result = LOADER.loadFile(file, Map.of());

    assertThat(messages(result))
        .containsExactly(
            folder + " is a directory, not a kernel", folder + "/nothing does not exist");
  }

  @Test
  void touchesNoFileForTextInMemory() {
    LoadResult result = load("name: lab\nnodes: {a: {kernel: /nowhere/vmlinuz}}\n");

    assertThat(result).isInstanceOf(Loaded.class);
  }

  @Test
  void keepsOrderOfFile() {
    String nodes =
        IntStream.of(5, 3, 9, 1, 7).mapToObj(it -> "  n" + it + ": {}\n").collect(joining());

    LoadResult result = load("nodes:\n" + nodes);

    assertThat(((Loaded) result).topology().nodes())
        .extracting("name")
        .containsExactly("n5", "n3", "n9", "n1", "n7");
  }

  @Test
  void followsChainOfDependenciesAsLongAsTheFile() {
    String nodes =
        IntStream.range(0, 20_000)
            .mapToObj(it -> "  n" + it + ": {depends_on: [n" + (it + 1) + "]}\n")
            .collect(joining());

    LoadResult open = load("nodes:\n" + nodes + "  n20000: {}\n");
    LoadResult closed = load("nodes:\n" + nodes + "  n20000: {depends_on: [n0]}\n");

    assertThat(open).isInstanceOf(Loaded.class);
    assertThat(messages(closed))
        .containsExactly(
            "these nodes wait for each other: n0 → n1 → n2 → n3 → n4 → n5 → n6 → n7"
                + " → … (19993 more) → n0");
  }

  @Test
  void reportsHundredsOfMistakesOfOneNode() {
    String channels = IntStream.range(0, 500).mapToObj(it -> "'" + it + "!'").collect(joining(","));

    LoadResult result = load("nodes: {a: {channels: [" + channels + "]}}\n");

    assertThat(messages(result)).hasSize(501).contains("a node has room for 12 channels, not 500");
  }

  @Test
  void refusesNodeBeyondMeasure() {
    String channels = IntStream.range(0, 10_000).mapToObj(it -> "c" + it).collect(joining(","));

    LoadResult result = load("nodes: {a: {channels: [" + channels + "]}}\n");

    assertThat(result.diagnostics()).extracting("id").containsExactly(DiagnosticId.OVERSIZED);
  }

  @Test
  void corpusHoldsEveryKindOfMistake() throws IOException {
    Set<DiagnosticId> missing = EnumSet.allOf(DiagnosticId.class);
    for (Path file : CorpusTest.everything()) {
      CorpusHost.load(LOADER, file).diagnostics().forEach(it -> missing.remove(it.id()));
    }

    // These would need odd or large files, and are tested above.
    assertThat(missing)
        .containsExactlyInAnyOrder(
            DiagnosticId.NO_SUCH_FILE, DiagnosticId.UNREADABLE_FILE, DiagnosticId.TOO_LARGE);
  }

  @Test
  void everyKindOfMistakeHasSummary() {
    assertThat(Arrays.stream(DiagnosticId.values()).map(DiagnosticId::summary))
        .allMatch(it -> it.endsWith(".") && !it.contains("\n"));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static LoadResult load(String text) {
    return LOADER.load(LoadRequest.ofText(new SourceText("lab.yaml", text), Map.of()));
  }

  private static Diagnostic onlyProblem(Path file) {
    List<Diagnostic> diagnostics = LOADER.loadFile(file, Map.of()).diagnostics();
    assertThat(diagnostics).hasSize(1);
    return diagnostics.get(0);
  }

  private static List<String> messages(LoadResult result) {
    return result.diagnostics().stream().map(Diagnostic::message).toList();
  }
}
