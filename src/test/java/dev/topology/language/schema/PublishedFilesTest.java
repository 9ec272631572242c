package dev.topology.language.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is published in the folder {@code schema} is what the records say today. */
class PublishedFilesTest {

  private static final Path FOLDER = Path.of("schema");

  @Test
  void schemaIsWhatTheRecordsSay() throws IOException {
    Golden.assertMatches(FOLDER.resolve("topology.schema.json"), JsonSchema.text());
  }

  @Test
  void referenceIsWhatTheRecordsSay() throws IOException {
    Golden.assertMatches(FOLDER.resolve("README.md"), Reference.text());
  }

  /** So that editors help whoever starts from one. */
  @Test
  void everyExampleNamesTheSchema() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("topologies"))) {
      assertThat(files.filter(it -> it.toString().endsWith(".yaml")))
          .isNotEmpty()
          .allSatisfy(
              it ->
                  assertThat(it)
                      .content()
                      .startsWith(
                          "# yaml-language-server: $schema=../schema/topology.schema.json\n"));
    }
  }
}
