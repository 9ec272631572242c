package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.cli.Operations;
import dev.topology.testing.TestHost;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done to a running topology leaves its supervisor as it was: commands, cuts, captures. */
class LongServiceTest {

  private static final long SECONDS = 3600;
  private static final int ROUNDS = 5;

  /** What may come of a heap that has not been as full before. */
  private static final long SLACK_KIB = 48 * 1024;

  @TempDir Path directory;
  private ProgramRuns programs;

  @BeforeEach
  void prepare() throws IOException {
    TestHost.facts();
    programs = new ProgramRuns(directory);
  }

  @AfterEach
  void leavesNothing() {
    programs.killAll();
  }

  @Test
  void whatIsDoneToItLeavesNothingInTheSupervisor() throws Exception {
    String yaml =
        """
        name: NAME
        defaults: {memory: 128MiB}
        nodes: {left: {}, right: {}}
        cables:
          - {name: uplink, ends: [left, right]}
        """
            .replace("NAME", programs.name());
    Path file = Files.writeString(directory.resolve("long.yaml"), yaml);
    Process up = programs.topology("up", file.toString());
    programs.awaitReady(2);
    String times = String.valueOf(Soak.times(2, 200));

    List<Long> resident = new ArrayList<>();
    List<Integer> descriptors = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      operate(times);
      capture(directory.resolve("capture-" + round + ".pcap"));
      resident.add(ProgramRuns.residentKib(up.pid(), "VmRSS"));
      descriptors.add(descriptors(up.pid()));
    }
    up.destroy();

    assertThat(ProgramRuns.ends(up, SECONDS)).isTrue();
    Soak.note(
        "long service, %s times exec, ps, cut, join, list, events, and one capture, each round:"
            .formatted(times));
    Soak.note("  resident KiB " + resident + ", descriptors " + descriptors);
    assertThat(descriptors).containsOnly(descriptors.get(0));
    assertThat(resident).allMatch(it -> it > 0);
    assertThat(resident.get(ROUNDS - 1)).isLessThan(resident.get(0) + SLACK_KIB);
  }

  private void operate(String times) throws Exception {
    Process operations = programs.start(List.of(), Operations.class, times);
    assertThat(ProgramRuns.ends(operations, SECONDS)).isTrue();
    assertThat(operations.exitValue()).as(programs.output()).isZero();
  }

  private void capture(Path file) throws Exception {
    Process capture = programs.topology("cable", "capture", "uplink", "-w", file.toString());
    await().atMost(Duration.ofMinutes(10)).until(() -> Files.exists(file) && Files.size(file) > 0);
    capture.destroy();
    assertThat(ProgramRuns.ends(capture, SECONDS)).isTrue();
  }

  private static int descriptors(long pid) {
    String[] numbers = new File("/proc/" + pid + "/fd").list();
    return numbers == null ? -1 : numbers.length;
  }
}
