package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatVerbTest {

  private static final String ODD = "nodes:\n    a:   {}  # a comment\n";
  private static final String USUAL = "nodes:\n  a: {}  # a comment\n";

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void writesOnlyWhatIsNotInTheUsualLayout() throws IOException {
    String odd = place.file("odd.yaml", ODD);
    String usual = place.file("usual.yaml", USUAL);

    ProgramRun run = place.run("format", odd, usual);

    assertThat(run)
        .isEqualTo(
            new ProgramRun(
                ExitCode.DONE,
                odd + ": formatted\n" + usual + ": in the usual layout already\n",
                ""));
    assertThat(Path.of(odd)).hasContent(USUAL);
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("odd.yaml", "usual.yaml");
  }

  @Test
  void checksWithoutWriting() throws IOException {
    String odd = place.file("odd.yaml", ODD);
    String usual = place.file("usual.yaml", USUAL);

    ProgramRun run = place.run("format", "--check", odd, usual);

    assertThat(run)
        .isEqualTo(
            new ProgramRun(
                ExitCode.NOT_FORMATTED,
                odd + ": not in the usual layout\n" + usual + ": in the usual layout\n",
                ""));
    assertThat(Path.of(odd)).hasContent(ODD);
    assertThat(place.run("format", "--check", usual).code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void leavesAFileAloneThatIsNotYaml() throws IOException {
    String broken = place.file("broken.yaml", "nodes: {a: [\n");
    String unknown = place.file("unknown.yaml", "nodez:   {a: {memroy: 1}}\n");

    ProgramRun run = place.run("format", broken, unknown);

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.err()).contains("error[syntax]").doesNotContain("unknown-key");
    assertThat(run.out()).isEqualTo(unknown + ": formatted\n");
    assertThat(Path.of(broken)).hasContent("nodes: {a: [\n");
  }

  @Test
  void keepsModeAndSymbolicLink() throws IOException {
    Path file = Path.of(place.file("odd.yaml", ODD));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    Path link = Files.createSymbolicLink(directory.resolve("link.yaml"), file);

    place.run("format", link.toString());

    assertThat(link).isSymbolicLink().hasContent(USUAL);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void formatsStandardInput() {
    ProgramRun run =
        ProgramRun.of(place.user(), new ByteArrayInputStream(ODD.getBytes(UTF_8)), "format", "-");

    assertThat(run).isEqualTo(new ProgramRun(ExitCode.DONE, USUAL, ""));
  }
}
