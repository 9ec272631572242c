package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedPipeTest {

  @Test
  void makesANamedPipeThatReadsToItsEnd(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("it.pipe");
    NamedPipe pipe = NamedPipe.create(path);
    try (OutputStream output = new FileOutputStream(path.toFile())) {
      output.write("hello".getBytes(StandardCharsets.UTF_8));
    }
    try (var input = pipe.read()) {
      pipe.close();
      assertThat(new String(input.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
    }
    assertThat(path).doesNotExist();
  }
}
