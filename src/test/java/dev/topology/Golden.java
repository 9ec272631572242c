package dev.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text that users see, kept in a file. To accept what has changed: {@code mvn test
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
    assertMatches(ROOT.resolve(name), actual);
  }

  /** Holds a text against any file; one that is not there is empty. */
  public static void assertMatches(Path file, String actual) {
    try {
      if ("accept".equals(System.getProperty("golden"))) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual)
          .as("%s; to accept what has changed: mvn test -Dgolden=accept", file)
          .isEqualTo(Files.exists(file) ? Files.readString(file) : "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
