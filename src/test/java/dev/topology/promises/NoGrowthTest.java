package dev.topology.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topologies started and ended in one JVM, again and again, leave it as it was. */
class NoGrowthTest {

  private static final Pattern LINE =
      Pattern.compile("\\d+: (descriptors .*, files \\d+); heap (\\d+) KiB, resident (\\d+) kB");

  private static final long SECONDS = 3600;
  private static final long SLACK_KIB = 2048;

  @TempDir Path directory;

  @Test
  void startingAndEndingLeavesNothingBehind() throws Exception {
    TestHost.facts();
    Path kernel = TinyGuest.thatPowersOff(directory.resolve("kernel"));
    String yaml =
        """
        name: cycles
        defaults: {kernel: KERNEL, memory: 64MiB}
        nodes:
          a: {ports: {80: auto}, channels: [c]}
          b: {}
        cables:
          - {ends: [a, b], shaped: true, capture: cable.pcap}
          - [a, b]
        """
            .replace("KERNEL", kernel.toString());
    Path file = Files.writeString(directory.resolve("cycles.yaml"), yaml);
    ProgramRuns programs = new ProgramRuns(directory);
    int times = Soak.times(20, 1000);

    Process cycles =
        programs.start(List.of(), Cycles.class, file.toString(), String.valueOf(times));

    assertThat(ProgramRuns.ends(cycles, SECONDS)).isTrue();
    assertThat(cycles.exitValue()).as(programs.output()).isZero();
    List<MatchResult> lines = LINE.matcher(programs.output()).results().toList();
    assertThat(lines).as(programs.output()).hasSize(11);
    assertThat(lines)
        .as(programs.output())
        .extracting(it -> it.group(1))
        .containsOnly(lines.get(0).group(1));
    MatchResult last = lines.get(10);
    assertThat(kib(lines.subList(6, 11)))
        .as(programs.output())
        .isLessThan(kib(lines.subList(0, 5)) + SLACK_KIB);
    Soak.note(times + " starts and ends, first and last:");
    Soak.note("  " + lines.get(0).group());
    Soak.note("  " + last.group());
  }

  /** The least: what a collection leaves varies with what ends just then. */
  private static long kib(List<MatchResult> lines) {
    return lines.stream().mapToLong(line -> Long.parseLong(line.group(2))).min().orElseThrow();
  }
}
