package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.cli.FaultyRuns;
import dev.topology.posix.Faults;
import dev.topology.testing.TestHost;
import java.io.IOException;
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
    Path file = twoNodesThatPowerOff("cable.pcap");
    String stride = String.valueOf(Soak.oneOf(7));

    List<String> lines = runs(file.toString(), "one", stride);

    assertThat(lines)
        .noneMatch(line -> line.startsWith("BROKEN"))
        .last()
        .asString()
        .matches("runs: [1-9]\\d+");
    Soak.note("faults: every " + stride + ". call, " + lines.get(lines.size() - 1));
  }

  /** All that writes files: the run directory, console logs, a capture, what is published. */
  @Test
  void aFullOrReadOnlyDiskIsOneClearMessageAndLeavesNothing() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    String[] ownMounts = {"unshare", "--mount", "--map-root-user"};
    assumeThat(
            new ProcessBuilder(ownMounts[0], ownMounts[1], ownMounts[2], "true").start().waitFor())
        .as("unshare(1) lets this user mount file systems in a name space")
        .isZero();
    Path file = twoNodesThatPowerOff(disk.resolve("cable.pcap").toString());
    ProgramRuns programs =
        new ProgramRuns(directory).with("XDG_RUNTIME_DIR", disk.toString()).under(ownMounts);

    List<String> lines = runs(programs, file.toString(), "disk", disk.toString());

    assertThat(lines)
        .noneMatch(line -> line.startsWith("BROKEN"))
        .last()
        .asString()
        .matches("runs: [1-9]\\d+");
    Soak.note("full disks: " + lines.get(lines.size() - 1));
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

  private Path twoNodesThatPowerOff(String capture) throws IOException {
    Path kernel = TinyGuest.thatPowersOff(directory.resolve("kernel"));
    String yaml =
        """
        name: faulty
        defaults: {kernel: KERNEL, memory: 64MiB}
        nodes:
          a: {ports: {80: auto}, channels: [c]}
          b: {}
        cables:
          - {ends: [a, b], shaped: true, capture: CAPTURE}
        """
            .replace("KERNEL", kernel.toString())
            .replace("CAPTURE", capture);
    return Files.writeString(directory.resolve("faulty.yaml"), yaml);
  }

  private List<String> runs(String... arguments) throws Exception {
    return runs(new ProgramRuns(directory), arguments);
  }

  private static List<String> runs(ProgramRuns programs, String... arguments) throws Exception {
    Process runs = programs.start(List.of(Faults.JVM_ARGUMENT), FaultyRuns.class, arguments);
    assertThat(ProgramRuns.ends(runs, SECONDS)).as("it ends").isTrue();
    return programs.output().lines().toList();
  }
}
