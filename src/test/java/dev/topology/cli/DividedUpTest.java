package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A topology that two agents run, each a process with real guests. */
@Timeout(600)
class DividedUpTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Pattern INVITED = Pattern.compile("start an agent: topology agent (\\S+)");

  private static final String CABLED =
      """
      cables:
        - name: between
          ends: [{node: left, address: 10.9.0.1/24}, {node: right, address: 10.9.0.2/24}]
      placement: {apart: [[left, right]]}
      """;

  @TempDir private Path directory;
  private Place place;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    place = new Place(directory).withImagesOfHost();
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void nodesOnTwoMachinesReachEachOther() throws Exception {
    String command = "until ping -c 1 -W 2 10.9.0.2; do sleep 1; done";
    Process up = up("nodes: {left: {command: \"" + command + "\"}, right: {}}\n");
    List<Process> agents = agents();

    assertThat(up.waitFor()).as(this::said).isZero();
    for (Process agent : agents) {
      assertThat(agent.waitFor()).isZero();
    }
    assertThat(said())
        .contains("left ready", "right ready", "left done", "right stopped", "divided: done");
    assertNothingIsLeft();
  }

  @Test
  void theFirstFailureEndsAllMachines() throws Exception {
    Process up = up("nodes: {left: {command: 'false'}, right: {}}\n");
    List<Process> agents = agents();

    assertThat(up.waitFor()).as(this::said).isEqualTo(ExitCode.NODE_FAILED.status());
    for (Process agent : agents) {
      agent.waitFor();
    }
    assertThat(said())
        .containsPattern("m[12] │ left failed: its command ")
        .contains("divided: failed");
    assertNothingIsLeft();
  }

  @Test
  void agentsEndWithACoordinatorThatIsKilled() throws Exception {
    Process up = up("nodes: {left: {}, right: {}}\n");
    List<Process> agents = agents();
    await()
        .atMost(PATIENCE)
        .until(() -> said().contains("left ready") && said().contains("right ready"));

    up.destroyForcibly().waitFor();

    for (Process agent : agents) {
      assertThat(agent.waitFor()).isEqualTo(ExitCode.UNFIT_HOST.status());
    }
    assertNothingIsLeft();
  }

  @Test
  void anAgentThatIsKilledEndsTheOthers() throws Exception {
    Process up = up("nodes: {left: {}, right: {}}\n");
    List<Process> agents = agents();
    await()
        .atMost(PATIENCE)
        .until(() -> said().contains("left ready") && said().contains("right ready"));

    agents.get(0).destroyForcibly().waitFor();

    assertThat(up.waitFor()).as(this::said).isEqualTo(ExitCode.NODE_FAILED.status());
    assertThat(agents.get(1).waitFor()).isZero();
    assertThat(said()).containsPattern("m[12] was lost");
    assertNothingIsLeft();
  }

  @Test
  void saysWhatDoesNotGoTogether() throws IOException {
    String file = place.file("files.yaml", "nodes: {a: {files: {/etc/motd: files.yaml}}}");

    assertThat(place.run("up", file, "--on=slurm").err()).contains("--on takes agents:N");
    assertThat(place.run("up", file, "--on=agents:2").err())
        .contains("node \"a\" needs files of this host, which do not reach agents yet");
    assertThat(place.run("up", file, "--on=agents:2", "--only=a").err())
        .contains("--on and --only do not go together yet");
  }

  @Test
  void anAgentTakesNoInvitationThatOthersCanRead() throws IOException {
    Path open = Path.of(place.file("invitation", "topology-agent 1 …"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(place.run("agent", open.toString()).err()).contains("can be read by others");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-------"));
    assertThat(place.run("agent", open.toString()).err())
        .isEqualTo("topology: this is no invitation of a coordinator\n");
  }

  private Process up(String nodes) throws IOException {
    String file =
        place.file(
            "divided.yaml", "defaults: {memory: 128MiB, host_network: false}\n" + nodes + CABLED);
    return start("up", file, "--on=agents:2");
  }

  /** One gets its invitation as a file, the other on its standard input. */
  private List<Process> agents() throws IOException {
    await().atMost(PATIENCE).until(() -> invitations().size() == 2);
    Process first = start("agent", invitations().get(0));
    ProcessBuilder second = place.program(List.of(), "agent");
    second.redirectInput(new File(invitations().get(1)));
    second.redirectOutput(directory.resolve("agent.out").toFile());
    processes.add(second.start());
    return List.of(first, processes.get(processes.size() - 1));
  }

  private Process start(String... arguments) throws IOException {
    ProcessBuilder program = place.program(List.of(), arguments);
    program.redirectOutput(directory.resolve(arguments[0] + ".out").toFile());
    Process process = program.start();
    processes.add(process);
    return process;
  }

  private List<String> invitations() throws IOException {
    Matcher matcher = INVITED.matcher(said());
    List<String> all = new ArrayList<>();
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    return all;
  }

  private String said() {
    try {
      return Files.readString(directory.resolve("up.out"), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** What ends the QEMUs of a process that was killed may take a moment. */
  private void assertNothingIsLeft() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                ProcessHandle.allProcesses()
                    .flatMap(it -> it.info().commandLine().stream())
                    .noneMatch(
                        it -> it.contains(directory.toString()) && it.contains("qemu-system")));
  }
}
