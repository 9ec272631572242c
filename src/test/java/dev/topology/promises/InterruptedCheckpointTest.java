package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.snapshot.CheckpointDirectory;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can come between while a run is saved or brought back: a checkpoint is there whole or not at
 * all, no process is left, and the next attempt works.
 */
class InterruptedCheckpointTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir Path directory;
  private ProgramRuns programs;
  private Path file;
  private Path checkpoints;

  @BeforeEach
  void prepare() throws IOException {
    TestHost.facts();
    programs = new ProgramRuns(directory);
    checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
    file =
        Files.writeString(
            directory.resolve("lab.yaml"),
            """
            name: %s
            defaults: {memory: 128MiB, host_network: false}
            nodes: {left: {}, right: {}}
            cables: [[left, right]]
            """
                .formatted(programs.name()));
  }

  @AfterEach
  void end() {
    programs.killAll();
  }

  @Test
  void isWholeOrNotThereAndNothingIsLeftInTheWay() throws Exception {
    Process up = programs.topology("up", file.toString());
    programs.awaitReady(2);
    Path kept = checkpoints.resolve("kept");
    aClientIsKilled(kept);
    String twin = programs.name() + "-twin";
    Process restored = restore(kept, "--name", twin);
    programs.awaitReady(2);
    assertGoesOn(programs.name());
    assertGoesOn(twin);
    aSupervisorIsKilled(up, twin);
    aRunIsTakenDown(restored, twin);
    whatIsBroughtBackEndsAsAllElseDoes(kept);
  }

  private void aClientIsKilled(Path kept) throws Exception {
    Process killed = save(programs.name(), kept);
    awaitBriefly(() -> isBeingMade(kept) || !killed.isAlive());
    killed.destroyForcibly();
    // As long as the one that was given up is not over, there is no other.
    await().atMost(PATIENCE).until(() -> ends(save(programs.name(), kept)) == 0);
    CheckpointDirectory.open(kept).verify(/* isKept= */ false);
    assertThat(halfMade(kept)).isEmpty();
  }

  /** What it was making is removed by the next who makes one there. */
  private void aSupervisorIsKilled(Process supervisor, String twin) throws Exception {
    Path place = checkpoints.resolve("killed");
    Process saving = save(programs.name(), place);
    awaitBriefly(() -> isBeingMade(place) || !saving.isAlive());
    supervisor.destroyForcibly();
    ends(saving);
    assertIsWholeOrNotThere(place);

    assertThat(ends(save(twin, place))).as(programs.output()).isZero();
    CheckpointDirectory.open(place).verify(/* isKept= */ false);
    await().atMost(PATIENCE).until(() -> halfMade(place).isEmpty());
  }

  private void aRunIsTakenDown(Process supervisor, String twin) throws Exception {
    Path place = checkpoints.resolve("down");
    Process saving = save(twin, place);
    awaitBriefly(() -> isBeingMade(place) || !saving.isAlive());
    Process down = programs.topology("down", twin);
    assertThat(ends(down)).as(programs.output()).isZero();
    ends(saving);
    ends(supervisor);
    assertThat(programs.processes()).isEmpty();
    assertIsWholeOrNotThere(place);
    assertThat(halfMade(place)).isEmpty();
  }

  private void whatIsBroughtBackEndsAsAllElseDoes(Path kept) throws Exception {
    Process killed = restore(kept);
    awaitBriefly(this::guestsRun);
    killed.destroyForcibly();
    await().atMost(PATIENCE).until(() -> programs.processes().isEmpty());

    Process stopped = restore(kept);
    awaitBriefly(this::guestsRun);
    stopped.destroy();
    assertThat(ends(stopped)).as(programs.output()).isEqualTo(128 + 15);
    assertThat(programs.processes()).isEmpty();

    Process down = restore(kept);
    awaitBriefly(() -> guestsRun() && programs.files().contains("control"));
    assertThat(ends(programs.topology("down", programs.name()))).as(programs.output()).isZero();
    ends(down);
    assertThat(programs.processes()).isEmpty();
  }

  private boolean guestsRun() {
    return !programs.processes("guest=" + programs.name() + ".").isEmpty();
  }

  private Process save(String name, Path place) throws IOException {
    return programs.topology("checkpoint", "--force", "-i", name, "-o", place.toString());
  }

  private Process restore(Path place, String... more) throws IOException {
    List<String> up = List.of("up", "--restore", place.toString());
    return programs.topology(Stream.concat(up.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private void assertGoesOn(String name) throws Exception {
    Process ping =
        programs.topology("exec", "-n", "-i", name, "left", "--", "ping", "-c", "1", "right");
    assertThat(ends(ping)).as(programs.output()).isZero();
  }

  private static void assertIsWholeOrNotThere(Path place) {
    if (Files.exists(place)) {
      try {
        CheckpointDirectory.open(place).verify(/* isKept= */ false);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private boolean isBeingMade(Path place) throws IOException {
    return halfMade(place).stream().anyMatch(InterruptedCheckpointTest::isFilled);
  }

  private static boolean isFilled(Path half) {
    String[] files = half.toFile().list();
    return files != null && files.length > 0;
  }

  private List<Path> halfMade(Path place) throws IOException {
    try (Stream<Path> all = Files.list(checkpoints)) {
      return all.filter(it -> it.getFileName().toString().startsWith("." + place.getFileName()))
          .toList();
    }
  }

  /** For a moment that is short. */
  private static void awaitBriefly(Callable<Boolean> moment) {
    await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(moment);
  }

  private static int ends(Process process) throws InterruptedException {
    assertThat(ProgramRuns.ends(process, PATIENCE.toSeconds())).isTrue();
    return process.exitValue();
  }
}
