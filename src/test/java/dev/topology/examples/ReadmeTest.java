package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.TopologyLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what is tried. */
class ReadmeTest {

  /** The nodes that its cables are between. */
  private static final String NODES =
      "nodes: {left: {}, right: {}, core: {count: 3}, worker: {count: 3}}\n";

  @TempDir Path directory;

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
        .matcher(Files.readString(Path.of("README.md")))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  @Test
  void itsTestsAreAmongTheExamplesThatRun() throws Exception {
    String examples = examples();

    assertThat(blocks("java")).hasSize(4).allSatisfy(java -> assertThat(examples).contains(java));
  }

  private static String examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/topology/examples"))) {
      return files.map(ReadmeTest::text).collect(Collectors.joining());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void itsFirstFileIsTheOneThatItsFirstCommandRuns() throws Exception {
    assertThat(Files.readString(Path.of("topologies/pair.yaml"))).endsWith(blocks("yaml").get(0));
  }

  @Test
  void itsTestsInAFileAreAmongTheTopologies() throws Exception {
    String file = Files.readString(Path.of("topologies/tests.yaml"));

    assertThat(blocks("yaml")).filteredOn(it -> it.contains("tests:")).allMatch(file::endsWith);
    assertThat(blocks("yaml")).filteredOn(it -> it.contains("tests:")).hasSize(1);
  }

  @Test
  void itsFilesAreValid() throws Exception {
    for (String yaml : blocks("yaml")) {
      String whole = yaml.contains("nodes:") ? yaml : NODES + yaml;
      Path file = Files.writeString(directory.resolve("readme.yaml"), whole);
      assertThat(new TopologyLoader().loadOrThrow(file, Map.of()).nodes()).isNotEmpty();
    }
  }
}
