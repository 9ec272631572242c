package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.model.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to a program of its own, which brings up two QEMUs that would sleep for ever. */
@Timeout(600)
class StopSignalsTest {

  private static final int MOMENTS = 20;

  /**
   * Said by the JVM itself, with status 1, if a signal comes while it initialises: JDK 21 tries to
   * log its exit before it can. No code of the program runs until then.
   */
  private static final String JVM_NOT_STARTED = "Error occurred during initialization of VM";

  @TempDir private Path directory;
  private Place place;
  private String pair;

  @BeforeEach
  void setUp() throws IOException {
    place = new Place(directory).withImage().withQemuThatWaits();
    pair = place.file("pair.yaml", "nodes: {left: {}, right: {}}\ncables: [[left, right]]");
  }

  @ParameterizedTest
  @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
  void aSignalTakesEverythingDown(String signal, int status) throws Exception {
    Process program = start("up", pair);
    awaitGuests(program);

    signal(signal, program);

    assertThat(program.waitFor()).isEqualTo(status);
    assertThat(place.processes()).hasSize(2).noneMatch(Place::isAlive);
    assertThat(directory.resolve("run/topology/pair")).doesNotExist();
  }

  /** As timeout(1) does, which tells a program and then its group. */
  @Test
  void twoSignalsAtOnceAreOneWish() throws Exception {
    Process program = start("up", pair);
    awaitGuests(program);

    new ProcessBuilder("sh", "-c", "kill -INT $0; kill -TERM $0", "" + program.pid())
        .start()
        .waitFor();

    assertThat(program.waitFor()).isIn(130, 143);
    assertThat(directory.resolve("run/topology/pair")).doesNotExist();
  }

  /** One of the moments may be in the middle of reading or writing a file. */
  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalAtAnyMomentOfTheStartEndsItAsAsked(String signal) throws Exception {
    int status = signal.equals("TERM") ? 143 : 130;
    int judged = 0;
    for (int moment = 0; moment < MOMENTS; moment++) {
      Process program = start("up", pair);
      boolean over = program.waitFor(200 + moment * 60L, TimeUnit.MILLISECONDS);
      assertThat(over).isFalse();

      signal(signal, program);

      String output = new String(program.getInputStream().readAllBytes(), UTF_8);
      if (output.contains(JVM_NOT_STARTED)) {
        continue;
      }
      judged++;
      assertThat(program.waitFor()).describedAs("moment %d: %s", moment, output).isEqualTo(status);
      assertThat(place.processes()).noneMatch(Place::isAlive);
      assertThat(directory.resolve("run/topology/pair")).doesNotExist();
    }
    assertThat(judged).isGreaterThan(MOMENTS / 2);
  }

  @Test
  void aSignalDuringAnImageBuildSaysJustThatAndLeavesNothing() throws Exception {
    Process program = startBuild();

    signal("INT", program);

    String output = new String(program.getInputStream().readAllBytes(), UTF_8);
    assertThat(program.waitFor()).describedAs(output).isEqualTo(130);
    assertThat(output).isEqualTo("topology: stopped: no image was built\n");
    assertThat(place.processes()).hasSize(1).noneMatch(Place::isAlive);
    try (Stream<Path> left = Files.list(place.user().images(Architecture.AMD64))) {
      assertThat(left).containsExactlyInAnyOrder(image(".lock"), image("default"));
    }
  }

  @Test
  void anImageBuildThatIsKilledLeavesNoAptBehind() throws Exception {
    Process program = startBuild();

    signal("KILL", program);

    await().until(() -> !Place.isAlive(place.processes().get(0)));
  }

  private Path image(String name) {
    return place.user().images(Architecture.AMD64).resolve(name);
  }

  /** With an apt-get that would take a minute. Returns when it has begun and all is printed. */
  private Process startBuild() throws IOException {
    Path apt = directory.resolve("apt-get");
    Files.writeString(apt, "#!/bin/sh\n" + place.notingItself("exec sleep 60\n"));
    Files.setPosixFilePermissions(apt, PosixFilePermissions.fromString("rwx------"));
    place.with("PATH", directory + ":/usr/bin:/bin");
    Process program = start("image", "build");
    assertThat(firstLine(program)).startsWith("Building guest image \"default\"");
    await().until(() -> place.processes().size() == 1);
    return program;
  }

  /** Byte by byte: what comes after it is for others to read. */
  private static String firstLine(Process program) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int read = program.getInputStream().read();
        read >= 0 && read != '\n';
        read = program.getInputStream().read()) {
      line.append((char) read);
    }
    return line.toString();
  }

  private static void signal(String signal, Process program) throws Exception {
    new ProcessBuilder("sh", "-c", "kill -" + signal + " " + program.pid()).start().waitFor();
  }

  private Process start(String... arguments) throws IOException {
    return place.program(List.of(), arguments).start();
  }

  private void awaitGuests(Process program) throws IOException {
    assertThat(firstLine(program)).startsWith("pair: 2 nodes, 1 cable");
    await().until(() -> place.processes().size() == 2);
  }
}
