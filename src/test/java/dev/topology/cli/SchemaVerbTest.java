package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaVerbTest {

  @TempDir private Path directory;

  @Test
  void printsTheSchemaThatIsPublished() throws IOException {
    ProgramRun run = new Place(directory).run("schema");

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).isEqualTo(Files.readString(Path.of("schema/topology.schema.json")));
    assertThat(run.err()).isEmpty();
  }
}
