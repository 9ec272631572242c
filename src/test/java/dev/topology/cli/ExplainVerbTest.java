package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.source.DiagnosticId;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainVerbTest {

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void showsThePageOnAMistake() {
    ProgramRun run = place.run("explain", "unknown-key");

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    Golden.assertMatches("cli/explain-unknown-key.txt", run.out());
  }

  @Test
  void listsAllThereAre() {
    ProgramRun run = place.run("explain");

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    for (DiagnosticId id : DiagnosticId.values()) {
      assertThat(run.out()).containsPattern("(?m)^" + id + " +" + id.severity() + " +[A-Z].*\\.$");
    }
  }

  @Test
  void showsSeveralPagesAndTakesWhatAReportSays() {
    ProgramRun run = place.run("explain", "error[unknown-key]:", "unused-group");

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).startsWith("error[unknown-key]: ").contains("\nwarning[unused-group]: ");
  }

  @Test
  void suggestsTheNearest() {
    ProgramRun run = place.run("explain", "unknwon-key");

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.err())
        .contains("\"unknwon-key\"", "did you mean unknown-key?", "`topology explain` lists all");
  }
}
