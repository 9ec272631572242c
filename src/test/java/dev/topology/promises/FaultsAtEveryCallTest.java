package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.FaultyRuns;
import dev.topology.posix.Faults;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call of the operating system that {@code up} makes may fail: then there is one clear
 * message, the documented exit status, and nothing is left.
 */
class FaultsAtEveryCallTest {

  private static final long SECONDS = 1200;

  @TempDir Path directory;

  @BeforeEach
  void needsQemu() {
    TestHost.facts();
  }

  /** All that makes calls: a shaper, a capture, a channel, a port. */
  @Test
  void aFaultIsOneClearMessageAndLeavesNothing() throws Exception {
    Path kernel = TinyGuest.thatPowersOff(directory.resolve("kernel"));
    String yaml =
        """
        name: faulty
        defaults: {kernel: KERNEL, memory: 64MiB}
        nodes:
          a: {ports: {80: auto}, channels: [c]}
          b: {}
        cables:
          - {ends: [a, b], shaped: true, capture: cable.pcap}
        """
            .replace("KERNEL", kernel.toString());
    Path file = Files.writeString(directory.resolve("faulty.yaml"), yaml);
    String stride = String.valueOf(Soak.times(7, 1));

    List<String> lines = runs(file.toString(), "one", stride);

    assertThat(lines)
        .noneMatch(line -> line.startsWith("BROKEN"))
        .last()
        .asString()
        .matches("runs: [1-9]\\d+");
    Soak.note("faults: every " + stride + ". call, " + lines.get(lines.size() - 1));
  }

  /** No call moves more than eight bytes, and one of two is interrupted. */
  @Test
  void shortAndInterruptedCallsChangeNothing() throws Exception {
    String yaml =
        """
        name: nasty
        defaults: {memory: 128MiB}
        nodes:
          a: {ports: {80: auto}, depends_on: [b], command: ping -c 2 b}
          b: {}
        cables:
          - {ends: [a, b], shaped: true, capture: cable.pcap}
        """;
    Path file = Files.writeString(directory.resolve("nasty.yaml"), yaml);

    List<String> lines = runs(file.toString(), "nasty", "1");

    assertThat(lines).hasSize(1).allMatch(line -> line.startsWith("nasty => 0"));
  }

  private List<String> runs(String... arguments) throws Exception {
    ProgramRuns programs = new ProgramRuns(directory);
    Process runs =
        programs.start(List.of(Faults.JVM_ARGUMENT), FaultyRuns.class.getName(), arguments);
    assertThat(ProgramRuns.ends(runs, SECONDS)).as("it ends").isTrue();
    return programs.output().lines().toList();
  }
}
