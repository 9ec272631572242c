package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every wait has an end: a QEMU that was stopped from outside can hang nothing. */
class StoppedQemuTest {

  private static final long SECONDS = 60;

  @TempDir Path directory;
  private ProgramRuns programs;
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    TestHost.facts();
    programs = new ProgramRuns(directory);
    Path kernel = TinyGuest.thatHalts(directory.resolve("kernel"));
    String yaml =
        """
        name: NAME
        defaults: {kernel: KERNEL, memory: 64MiB}
        nodes: {a: {}, b: {}}
        cables: [[a, b]]
        """
            .replace("NAME", programs.name())
            .replace("KERNEL", kernel.toString());
    file = Files.writeString(directory.resolve("stopped.yaml"), yaml);
  }

  @AfterEach
  void leavesNothing() {
    programs.killAll();
  }

  @Test
  void downEndsWhatRunsThoughAQemuIsStopped() throws Exception {
    Process up = programs.topology("up", file.toString());
    await()
        .atMost(Duration.ofSeconds(SECONDS))
        .until(() -> programs.output().contains("b │ ready"));
    stop("guest=" + programs.name() + ".a");

    Process down = programs.topology("down", programs.name());

    assertThat(ProgramRuns.ends(down, SECONDS)).isTrue();
    assertThat(down.exitValue()).as(programs.output()).isZero();
    assertThat(ProgramRuns.ends(up, SECONDS)).isTrue();
    assertThat(up.exitValue()).isEqualTo(143);
    assertThat(programs.processes()).isEmpty();
  }

  @Test
  void aSignalEndsUpThoughAQemuIsStoppedAtAnyInstant() throws Exception {
    Random random = new Random(6);
    for (int i = 0; i < Soak.times(2, 50); i++) {
      Process up = programs.topology("up", file.toString());
      String victim = "guest=" + programs.name() + (i % 2 == 0 ? ".a" : ".b");
      await()
          .atMost(Duration.ofSeconds(SECONDS))
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> !programs.processes(victim).isEmpty());
      // Not to synchronise: the instant is what is tried.
      TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
      stop(victim);

      up.destroy();

      assertThat(ProgramRuns.ends(up, SECONDS)).as(victim).isTrue();
      assertThat(up.exitValue()).as(programs.output()).isEqualTo(143);
      assertThat(programs.processes()).isEmpty();
    }
  }

  /** A minute is what it has to answer. */
  @Test
  void aQemuThatNeverAnswersFailsItsNode() throws Exception {
    assumeThat(Soak.isLong()).as("it takes a minute: mvn verify -Psoak").isTrue();
    Path qemu = directory.resolve("qemu-system-x86_64");
    String script =
        """
        #!/bin/sh
        case $* in *guest=NAME.b*) kill -STOP $$ ;; esac
        exec QEMU "$@"
        """
            .replace("NAME", programs.name())
            .replace("QEMU", TestHost.guests().qemu().path().toString());
    Files.writeString(qemu, script);
    Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwxr-xr-x"));

    Process up = programs.with("TOPOLOGY_QEMU", qemu.toString()).topology("up", file.toString());

    assertThat(ProgramRuns.ends(up, 3 * SECONDS)).isTrue();
    assertThat(up.exitValue()).as(programs.output()).isEqualTo(1);
    assertThat(programs.output())
        .contains("b failed: its QEMU does not do as it is told: QEMU has not answered");
    assertThat(programs.processes()).isEmpty();
  }

  private void stop(String victim) throws Exception {
    List<Long> found = programs.processes(victim);
    assertThat(found).hasSize(1);
    Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -STOP " + found.get(0)).start();
    assertThat(kill.waitFor()).isZero();
  }
}
