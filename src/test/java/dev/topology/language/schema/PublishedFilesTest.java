package dev.topology.language.schema;

import static org.assertj.core.api.Assertions.assertThat;

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
    compare("topology.schema.json", JsonSchema.text());
  }

  @Test
  void referenceIsWhatTheRecordsSay() throws IOException {
    compare("README.md", Reference.text());
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

  private static void compare(String name, String actual) throws IOException {
    Path file = FOLDER.resolve(name);
    if ("accept".equals(System.getProperty("golden"))) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, actual);
    }
    assertThat(actual)
        .as("%s; to write it anew: mvn -q test -Dtest=PublishedFilesTest -Dgolden=accept", file)
        .isEqualTo(Files.exists(file) ? Files.readString(file) : "");
  }
}
