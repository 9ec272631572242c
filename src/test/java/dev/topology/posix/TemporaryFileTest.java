package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFileTest {

  @TempDir private Path directory;

  @Test
  void hasNoNameAndWhatWasWritten() throws Exception {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) 7);
    try (TemporaryFile file = TemporaryFile.create(directory, "file")) {
      file.write(bytes);
      file.resize(1L << 34);

      assertThat(directory).isEmptyDirectory();
      Path open = Path.of("/proc/self/fd", file.descriptor().toString().replaceAll("\\D", ""));
      assertThat(Files.size(open)).isEqualTo(1L << 34);
      assertThat(Files.newInputStream(open).readNBytes(100_001)).startsWith(bytes).endsWith(7, 0);
    }
  }

  @Test
  void saysWhyItCannotBeMade() {
    Path missing = directory.resolve("missing");

    assertThatThrownBy(() -> TemporaryFile.create(missing, "file"))
        .hasMessageContaining("No such file or directory (ENOENT)");
  }
}
