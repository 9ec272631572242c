package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateVerbTest {

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void countsWhatAValidFileHolds() throws IOException {
    String file = place.file("pair.yaml", "nodes: {left: {}, right: {}}\ncables: [[left, right]]");

    ProgramRun run = place.run("validate", file);

    assertThat(run)
        .isEqualTo(new ProgramRun(ExitCode.DONE, file + ": 2 nodes, 1 cable, no errors\n", ""));
  }

  @Test
  void reportsEveryMistakeOnStandardOutput() throws IOException {
    String file = place.file("lab.yaml", "nodes:\n  a: {memroy: 1GiB}\n  b: {cpus: 0}\n");

    ProgramRun run = place.run("validate", file);

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.out())
        .contains("lab.yaml:2:7: error[unknown-key]", "did you mean \"memory\"?", "2 errors.");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void saysThatAFileIsMissingOrADirectory() {
    assertThat(place.run("validate", "nope.yaml").code()).isEqualTo(ExitCode.WRONG_USAGE);

    ProgramRun run = place.run("validate", directory.toString());

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.out()).contains("this is a directory");
  }
}
