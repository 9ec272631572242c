package dev.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text that users see, kept beside the tests. To accept what has changed: {@code mvn test
 * -Dgolden=accept}, and read the difference before it is committed.
 */
public final class Golden {

  private static final Path ROOT = Path.of("src/test/resources/dev/topology");

  private Golden() {}

  /**
   * Holds a text against its file.
   *
   * @param name the file's, under {@code src/test/resources/dev/topology}
   */
  public static void assertMatches(String name, String actual) {
    Path file = ROOT.resolve(name);
    try {
      if ("accept".equals(System.getProperty("golden"))) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual)
          .as("%s; to accept what has changed: mvn test -Dgolden=accept", file)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
