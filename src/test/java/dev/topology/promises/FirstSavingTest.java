package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.topology.snapshot.SnapshotStore;
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

/** What can come between while a guest is saved for the first time. */
class FirstSavingTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int MOST_TRIES = 20;

  @TempDir Path directory;
  private ProgramRuns programs;
  private Path file;
  private Path snapshots;

  @BeforeEach
  void prepare() throws IOException {
    TestHost.facts();
    programs = new ProgramRuns(directory);
    Path own = directory.resolve("own");
    Path cache = Files.createDirectories(own.resolve("topology"));
    snapshots = cache.resolve("snapshots");
    try (Stream<Path> shared = Files.list(TestHost.cache())) {
      for (Path each : shared.filter(it -> !it.endsWith("snapshots")).toList()) {
        Files.createSymbolicLink(cache.resolve(each.getFileName()), each);
      }
    }
    programs.with("XDG_CACHE_HOME", own.toString());
    file =
        Files.writeString(
            directory.resolve("lab.yaml"),
            "{name: %s, nodes: {a: {memory: 128MiB, host_network: false}}}"
                .formatted(programs.name()));
  }

  @AfterEach
  void end() {
    programs.killAll();
  }

  @Test
  void whatAKilledOneLeavesIsNeverUsedAndTwoAtOnceSaveOneGuest() throws Exception {
    killAt(this::boots);
    killAt(this::isTriedOut);

    Process one = programs.topology("up", file.toString());
    Path saidByOne = programs.outputFile();
    Process other = programs.topology("up", file.toString(), "--name", programs.name() + "-other");
    programs.awaitReady(1);
    await().atMost(PATIENCE).until(() -> Files.readString(saidByOne).contains("ready after"));
    assertThat(new SnapshotStore(snapshots).list()).hasSize(1);
    assertThat(halfMade()).isEmpty();
    for (Process up : List.of(one, other)) {
      up.destroy();
      assertThat(ProgramRuns.ends(up, PATIENCE.toSeconds())).isTrue();
    }
  }

  /**
   * Kills an {@code up} at an instant of its first saving. On a busy machine the instant may pass
   * unseen, or between the look and the kill; then the guest is saved, and it is tried again.
   */
  private void killAt(Callable<Boolean> instant) throws Exception {
    SnapshotStore store = new SnapshotStore(snapshots);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Process up = programs.topology("up", file.toString());
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> instant.call() || !store.list().isEmpty());
      up.destroyForcibly();
      await().atMost(PATIENCE).until(() -> programs.processes().isEmpty());
      if (store.list().isEmpty()) {
        return;
      }
      store.clear();
    }
    throw new AssertionError("each time, a guest was saved: " + store.list());
  }

  /** The guest that is to be saved. */
  private boolean boots() {
    return !programs.processes("guest=snapshot.guest").isEmpty();
  }

  /** The guest was saved, and a clone of it is tried. */
  private boolean isTriedOut() throws IOException {
    return halfMade().stream().anyMatch(it -> Files.exists(it.resolve("state")));
  }

  private List<Path> halfMade() throws IOException {
    if (!Files.isDirectory(snapshots)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(snapshots)) {
      return all.filter(it -> it.getFileName().toString().startsWith(".build-")).toList();
    }
  }

  @Test
  void nodesBootWhereTheDiskHasNoRoomForASavedGuest() throws Exception {
    Files.createDirectory(snapshots);
    String[] onASmallDisk = {
      "unshare",
      "--user",
      "--map-root-user",
      "--mount",
      "sh",
      "-c",
      "mount -t tmpfs -o size=64m,mode=0700 small " + snapshots + " && exec \"$@\"",
      "sh"
    };
    assumeTrue(canMount(onASmallDisk), "this user cannot mount a file system");

    Process up = programs.under(onASmallDisk).topology("up", file.toString());
    programs.awaitReady(1);
    assertThat(programs.processes("memory-backend-file")).isEmpty();
    up.destroy();
    assertThat(ProgramRuns.ends(up, PATIENCE.toSeconds())).isTrue();
  }

  private static boolean canMount(String[] command) throws Exception {
    List<String> tried = Stream.concat(Stream.of(command), Stream.of("true")).toList();
    return new ProcessBuilder(tried).start().waitFor() == 0;
  }
}
