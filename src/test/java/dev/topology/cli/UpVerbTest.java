package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What {@code up} makes of a QEMU that fails; with real guests, the examples are tested. */
@ResourceLock("signals")
class UpVerbTest {

  @TempDir private Path directory;
  private Place place;
  private String pair;

  @BeforeEach
  void setUp() throws IOException {
    place = new Place(directory).withImage();
    pair = place.file("pair.yaml", "nodes: {left: {}, right: {}}\ncables: [[left, right]]");
  }

  @Test
  void reportsAQemuThatDoesNotStart() throws IOException {
    place.withQemuThat(
        "case $* in *pair.left*) echo 'cannot set up guest memory' >&2; exit 1 ;;"
            + " *) exec sleep 60 ;; esac");

    ProgramRun run = place.run("up", pair);

    assertThat(run.code()).isEqualTo(ExitCode.NODE_FAILED);
    Golden.assertMatches("cli/up-no-start.txt", place.anonymous(run.err()));
  }

  @Test
  void quietShowsNothingButTheFailure() throws IOException {
    place.withQemuThat("exit 1");

    ProgramRun run = place.run("up", "--quiet", pair);

    assertThat(run.code()).isEqualTo(ExitCode.NODE_FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("failed: it could not be started");
  }

  @Test
  void runsChosenNodesAloneUnderAnotherName() throws IOException {
    place.withQemuThat("exit 1");

    ProgramRun run = place.run("up", pair, "--only", "right", "--name", "other");

    assertThat(run.out()).startsWith("other: 1 node, 0 cables");
    assertThat(run.err()).contains("right failed");
  }

  @Test
  void keepsWhatIsNeededToUnderstandAFailure() throws IOException {
    place.withQemuThat("exit 1");

    place.run("up", pair);

    assertThat(directory.resolve("run/topology/pair")).isDirectory();
  }

  @Test
  void endsWhenItsTimeIsOver() throws IOException {
    place.withQemuThat("exec sleep 60");

    ProgramRun run = place.run("up", pair, "--timeout=200ms");

    assertThat(run.code()).isEqualTo(ExitCode.OUT_OF_TIME);
    assertThat(run.err()).contains("pair: not over after 0.2 s");
  }

  @Test
  void asksForAnImageThatItCannotBuildByItself() throws IOException {
    place.withQemuThat("exit 1");

    ProgramRun run = place.run("up", place.file("routers.yaml", "nodes: {a: {image: router}}"));

    assertThat(run.code()).isEqualTo(ExitCode.UNFIT_HOST);
    assertThat(run.err()).contains("\"router\"", "topology image build");
  }

  @Test
  void doesNotUseARunDirectoryOfSomebodyElse() throws IOException {
    place.withQemuThat("exit 1");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createDirectory(directory.resolve("run"));
    Files.createSymbolicLink(directory.resolve("run/topology"), elsewhere);

    ProgramRun run = place.run("up", pair);

    assertThat(run.code()).isEqualTo(ExitCode.UNFIT_HOST);
    assertThat(run.err()).contains("it is not a directory", "XDG_RUNTIME_DIR");
  }
}
