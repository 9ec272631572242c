package dev.topology.promises;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.testing.TestHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A guest may say what it likes, as long and as fast as it can: the host's memory stays bounded,
 * the other nodes answer, and nothing of it reaches the terminal but text.
 */
class HostileGuestTest {

  /** Where the guest's init has told the host that it is ready. */
  private static final String READY = "  echo ready >&3\n";

  private static final long SECONDS = 120;

  /** The heap of the programs started here is 256 MiB at most; the rest is the JVM's own. */
  private static final long MOST_RESIDENT_KIB = 450 * 1024;

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

  /**
   * A node "bad" whose init does that once it is ready, and a node "good" at the same cable.
   *
   * <p>Bad has the memory for its own floods: Linux queues up to 1,024 writes to a port of up to 32
   * KiB each, so two flooded ports take 64 MiB that cannot be reclaimed. A guest of 160 MiB panics
   * with "deadlocked on memory".
   */
  private Path fileWhereInitDoes(String hostile) throws IOException {
    String init;
    try (InputStream resource = getClass().getResourceAsStream("/dev/topology/image/init")) {
      init = new String(resource.readAllBytes(), UTF_8);
    }
    assertThat(init).contains(READY);
    Path badInit = directory.resolve("init");
    Files.writeString(badInit, init.replace(READY, READY + hostile + "\n"));
    assertThat(badInit.toFile().setExecutable(true)).isTrue();
    String yaml =
        """
        name: NAME
        nodes:
          bad: {memory: 512MiB, channels: [one, two], files: {/init: INIT}}
          good: {memory: 128MiB}
        cables:
          - {ends: [bad, good], shaped: true}
        """
            .replace("NAME", programs.name())
            .replace("INIT", badInit.toString());
    return Files.writeString(directory.resolve("hostile.yaml"), yaml);
  }

  /** What the host understands, so that nonsense is an error; each without end, or line feed. */
  @ParameterizedTest
  @ValueSource(strings = {"cat /dev/zero >&3 &", "cat /dev/urandom >&3 &"})
  void nonsenseWithoutEndFailsItsNode(String hostile) throws Exception {
    Process up = programs.topology("up", fileWhereInitDoes(hostile).toString(), "--timeout", "10m");

    long most = 0;
    while (up.isAlive()) {
      most = Math.max(most, ProgramRuns.residentKib(up.pid(), "VmHWM"));
      up.waitFor(20, TimeUnit.MILLISECONDS);
    }

    String output = printed();
    assertThat(up.exitValue()).as(output).isEqualTo(1);
    assertThat(output).contains("bad failed: ");
    assertThat(most).as("resident KiB").isLessThan(MOST_RESIDENT_KIB);
    Soak.note("hostile guest, %s: %d MiB resident".formatted(hostile, most / 1024));
  }

  /** What the host reads only as long as a program runs in the guest. */
  @Test
  void nonsenseInThePlaceOfTheAgentIsAnError() throws Exception {
    String hostile = "start_agent() { cat /dev/urandom >$ports/topology.shell & }";
    Process up = programs.topology("up", fileWhereInitDoes(hostile).toString());
    programs.awaitReady(2);

    Process exec = programs.topology("exec", "--instance", programs.name(), "bad", "--", "true");

    assertThat(ProgramRuns.ends(exec, SECONDS)).isTrue();
    assertThat(exec.exitValue()).as(printed()).isNotZero();
    long most = ProgramRuns.residentKib(up.pid(), "VmHWM");
    up.destroy();
    assertThat(ProgramRuns.ends(up, SECONDS)).isTrue();
    assertThat(up.exitValue()).isIn(1, 143);
    assertThat(most)
        .as("resident KiB, or none if its node has failed")
        .isLessThan(MOST_RESIDENT_KIB);
  }

  /** What the host only keeps or hands on. */
  @Test
  void floodsOfConsoleChannelsAndCableHarmNobody() throws Exception {
    String hostile =
        """
          cat /dev/urandom >$console &
          for port in $ports/one $ports/two; do cat /dev/zero >$port & done
          nc -u 10.64.0.1 9 </dev/zero &
        """;
    Process up = programs.topology("up", fileWhereInitDoes(hostile).toString());
    Path output = programs.outputFile();
    programs.awaitReady(2);

    long most = 0;
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < Soak.times(8, 300); i++) {
      long start = System.nanoTime();
      Process exec = programs.topology("exec", "--instance", programs.name(), "good", "--", "true");
      assertThat(ProgramRuns.ends(exec, SECONDS)).isTrue();
      assertThat(exec.exitValue()).as(programs.output()).isZero();
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      most = Math.max(most, ProgramRuns.residentKib(up.pid(), "VmHWM"));
    }
    up.destroy();

    assertThat(ProgramRuns.ends(up, SECONDS)).isTrue();
    assertThat(up.exitValue()).isEqualTo(143);
    assertThat(most).as("resident KiB").isLessThan(MOST_RESIDENT_KIB);
    assertThat(Files.readString(output))
        .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");
    Collections.sort(millis);
    Soak.note(
        "hostile guest, floods: %d MiB resident; `exec` in another node %d ms (median), %d ms (most)"
            .formatted(most / 1024, millis.get(millis.size() / 2), millis.get(millis.size() - 1)));
  }

  /** What was printed; no byte of it may be anything but text. */
  private String printed() throws IOException {
    String output = programs.output();
    assertThat(output).doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");
    return output;
  }
}
