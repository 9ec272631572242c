package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.posix.LockFile;
import dev.topology.run.RunDirectory;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL, at any instant of {@code up} and of its teardown, of the JVM, of the process that ends
 * the QEMUs when the JVM is gone, of each QEMU, and of what serves a share: no process is left, no
 * socket, port or lock, and the next {@code up} of the name works at once.
 */
class KilledAtAnyInstantTest {

  /** What may be left of a run: what was printed, and files that the next run clears away. */
  private static final Set<String> FILES_LEFT =
      Set.of(
          "a.console",
          "b.console",
          "control",
          "pipes",
          "lock",
          "state.json",
          "names",
          "ending.json");

  private static final List<String> VICTIMS =
      List.of(
          "dev.topology.cli.Main", "topology-reaper", "guest=NAME.a", "guest=NAME.b", "virtiofsd");

  /** What a killed node or reaper makes of a run, and what comes of it if the kill was too late. */
  private static final Set<Integer> STATUSES = Set.of(0, 1, 3, 128 + 9);

  private static final long SECONDS = 60;

  @TempDir Path directory;
  private ProgramRuns programs;
  private Path file;
  private int port;

  @BeforeEach
  void prepare() throws IOException {
    TestHost.facts();
    TestHost.requireShares();
    programs = new ProgramRuns(directory);
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path kernel = TinyGuest.thatPowersOff(directory.resolve("kernel"));
    String yaml =
        """
        name: NAME
        defaults: {kernel: KERNEL, memory: 64MiB}
        nodes:
          a: {ports: {80: PORT}, channels: [c], shares: {/out: {host: out, write: true}}}
          b: {}
        cables:
          - {ends: [a, b], shaped: true}
        """
            .replace("NAME", programs.name())
            .replace("KERNEL", kernel.toString())
            .replace("PORT", String.valueOf(port));
    Files.createDirectory(directory.resolve("out"));
    file = Files.writeString(directory.resolve("killed.yaml"), yaml);
  }

  @Test
  void nothingIsLeftAndTheNextRunWorks() throws Exception {
    long whole = wholeRun();
    whole = Math.min(whole, wholeRun());
    Random random = new Random(20261126);
    List<Long> millisUntilNothingIsLeft = new ArrayList<>();
    int times = Soak.times(10, 200);
    for (int i = 0; i < times; i++) {
      String victim = VICTIMS.get(i % VICTIMS.size()).replace("NAME", programs.name());
      long instant = (long) (random.nextDouble() * whole);
      String what = victim + " killed after " + TimeUnit.NANOSECONDS.toMillis(instant) + " ms";
      millisUntilNothingIsLeft.add(killed(victim, instant, what));
      wholeRun();
    }
    Collections.sort(millisUntilNothingIsLeft);
    Soak.note(
        "SIGKILL at %d instants: nothing is left after %d ms (median), %d ms (most)"
            .formatted(
                times,
                millisUntilNothingIsLeft.get(times / 2),
                millisUntilNothingIsLeft.get(times - 1)));
  }

  /** A run that nobody disturbs: it has to work. How long it took, in nanoseconds. */
  private long wholeRun() throws Exception {
    long start = System.nanoTime();
    Process up = up();
    assertThat(ProgramRuns.ends(up, SECONDS)).isTrue();
    assertThat(up.exitValue()).as(programs.output()).isZero();
    return System.nanoTime() - start;
  }

  private Process up() throws IOException {
    return programs.topology("up", file.toString());
  }

  /** How many milliseconds after the kill nothing was left any more. */
  private long killed(String victim, long instant, String what) throws Exception {
    Process up = up();
    long start = System.nanoTime();
    // Not to synchronise: the instant is what is tried.
    TimeUnit.NANOSECONDS.sleep(instant);
    while (up.isAlive() && !kill(victim)) {
      Thread.onSpinWait();
    }
    long killed = System.nanoTime();
    await(what)
        .atMost(Duration.ofSeconds(SECONDS))
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> programs.processes().isEmpty());
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
    assertThat(up.waitFor(SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
    assertThat(up.exitValue()).as(what + ": " + programs.output()).isIn(STATUSES);
    assertThat(programs.output()).as(what).doesNotContain("a bug", "Exception");
    assertThat(FILES_LEFT).as(what).containsAll(programs.files());
    Path lock = RunDirectory.lockFile(programs.runtime().resolve(programs.name()));
    assertThat(LockFile.isHeld(lock)).as(what + ": the lock is held").isFalse();
    new ServerSocket(port).close();
    assertThat(Files.readString(Path.of("/proc/net/unix")))
        .as(what)
        .doesNotContain(directory.toString());
    assertThat(start).isLessThan(killed);
    return millis;
  }

  private boolean kill(String victim) {
    Optional<ProcessHandle> found =
        programs.processes(victim).stream().findFirst().flatMap(ProcessHandle::of);
    return found.isPresent() && found.get().destroyForcibly();
  }
}
