package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals to a program of its own, which brings up two QEMUs that would sleep for ever. */
@Timeout(60)
class StopSignalsTest {

  @TempDir private Path directory;
  private Place place;
  private String pair;

  @BeforeEach
  void setUp() throws IOException {
    Path pids = directory.resolve("pids");
    place = new Place(directory).withImage().withQemuThat("echo $$ >> " + pids + "; exec sleep 60");
    pair = place.file("pair.yaml", "nodes: {left: {}, right: {}}\ncables: [[left, right]]");
  }

  @ParameterizedTest
  @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
  void aSignalTakesEverythingDown(String signal, int status) throws Exception {
    Process program = start();
    awaitGuests(program);

    new ProcessBuilder("kill", "-" + signal, String.valueOf(program.pid())).start().waitFor();

    assertThat(program.waitFor()).isEqualTo(status);
    assertThat(guests()).hasSize(2).noneMatch(StopSignalsTest::isAlive);
    assertThat(directory.resolve("run/topology/pair")).doesNotExist();
  }

  /** A shell that runs this in the background may have told it to ignore some signals. */
  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "env",
                "--default-signal=HUP,INT,TERM",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.topology.cli.Main",
                "up",
                pair)
            .redirectErrorStream(true);
    builder.environment().keySet().retainAll(List.of("LANG"));
    builder.environment().putAll(place.surroundings().environment());
    return builder.start();
  }

  private void awaitGuests(Process program) throws IOException {
    try (BufferedReader output = program.inputReader()) {
      assertThat(output.readLine()).startsWith("pair: 2 nodes, 1 cable");
      await().atMost(Duration.ofSeconds(30)).until(() -> guests().size() == 2);
    }
  }

  private List<Long> guests() throws IOException {
    Path pids = directory.resolve("pids");
    if (!Files.exists(pids)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(pids)) {
      return lines.map(Long::parseLong).toList();
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
