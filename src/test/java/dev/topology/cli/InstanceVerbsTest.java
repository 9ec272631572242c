package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instances;
import dev.topology.control.Instances.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Commands for topologies that run in processes of their own, whose QEMUs are scripts that wait.
 */
@Timeout(600)
@ResourceLock("signals")
class InstanceVerbsTest {

  @TempDir private Path directory;
  private Place place;
  private String pair;
  private final List<Process> programs = new ArrayList<>();

  @BeforeEach
  void setUp() throws IOException {
    place = new Place(directory).withImage().withQemuThatWaits();
    pair =
        place.file(
            "pair.yaml",
            """
            nodes: {left: {}, right: {}}
            cables: [{name: uplink, ends: [{node: left}, {node: right}]}]
            """);
  }

  @AfterEach
  void tearDown() {
    programs.forEach(Process::destroyForcibly);
  }

  @Test
  void reachATopologyFromElsewhere() throws Exception {
    Process up = up("pair", pair);

    assertThat(place.run("ps").out())
        .contains("pair: starting, up ", ", process " + up.pid() + ", " + pair, "left   starting");
    assertThat(place.run("ps", "--format=json", pair).out())
        .contains("\"life\" : \"running\"", "\"pid\" : " + up.pid());
    assertThat(place.run("cable", "list").out())
        .isEqualTo(
            """
            CABLE   LEFT       RIGHT       STATE   FRAMES  DROPPED  SHAPER
            uplink  left:eth1  right:eth1  joined  -       -        -
            """);
    assertThat(place.run("events")).extracting(ProgramRun::code).isEqualTo(ExitCode.DONE);
    assertThat(place.run("logs", "-i", "pair").code()).isEqualTo(ExitCode.DONE);
    assertThat(place.run("down", pair)).isEqualTo(run(ExitCode.DONE, "pair: stopped\n", ""));

    assertThat(up.waitFor()).isEqualTo(ExitCode.TERMINATED.status());
    assertThat(place.processes()).hasSize(2).noneMatch(Place::isAlive);
    assertThat(place.run("ps")).isEqualTo(run(ExitCode.DONE, "", "no topology is running\n"));
    assertThat(place.user().runtime().resolve("pair")).doesNotExist();
  }

  @Test
  void sayWhatIsMeantWhereANameIsUnknown() throws Exception {
    assertThat(place.run("down"))
        .isEqualTo(
            run(
                ExitCode.WRONG_USAGE,
                "",
                "topology: no topology is running\n  `topology up FILE` brings one up\n"));
    up("pair", pair);

    assertThat(place.run("down", "piar").err())
        .isEqualTo(
            "topology: no topology \"piar\" is running; did you mean pair?\n  running: pair\n");
    assertThat(place.run("cable", "cut", "uplnk"))
        .extracting(ProgramRun::code, ProgramRun::err)
        .containsExactly(
            ExitCode.WRONG_USAGE,
            "topology: topology \"pair\" has no cable \"uplnk\"; there is uplink\n");
    assertThat(place.run("stop", "rigth").err()).contains("has no node \"rigth\"; there is right");
    assertThat(place.run("logs", "rigth").err()).contains("did you mean right?");

    up("other", pair, "--name", "other");
    assertThat(place.run("down").err())
        .contains(
            "several topologies are running: other and pair",
            "say which one is meant, such as `topology down other`");
    assertThat(place.run("cable", "list").err())
        .contains("say which one is meant, such as `--instance other`");
    assertThat(place.run("down", pair).err()).contains("is running more than once");
    assertThat(place.run("ps").out()).containsSubsequence("other: starting", "pair: starting");
  }

  @Test
  void whoWaitsLearnsHowItEnds() throws Exception {
    Path end = directory.resolve("end");
    String untilToldTo = "until [ -e " + end + " ]; do sleep 0.1; done; exit 1";
    place.withQemuThat(place.notingItself(untilToldTo));
    Process up = up("pair", pair);
    CompletableFuture<ProgramRun> waiting =
        CompletableFuture.supplyAsync(() -> place.run("wait", "pair"));
    CompletableFuture<ProgramRun> following =
        CompletableFuture.supplyAsync(() -> place.run("events", "--follow"));

    Files.createFile(end);

    assertThat(waiting.join().code()).isEqualTo(ExitCode.NODE_FAILED);
    assertThat(waiting.join().err()).startsWith("pair: ").contains("failed");
    assertThat(following.join().out()).contains("failed");
    assertThat(up.waitFor()).isEqualTo(ExitCode.NODE_FAILED.status());
    assertThat(place.run("wait", "pair")).isEqualTo(waiting.join());
  }

  @Test
  void whatIsDownCannotBeTakenDownAgain() throws Exception {
    up("pair", pair);
    assertThat(place.run("down", "pair").code()).isEqualTo(ExitCode.DONE);

    assertThat(place.run("down", "pair"))
        .isEqualTo(
            run(
                ExitCode.WRONG_USAGE,
                "",
                """
                topology: no topology "pair" is running, nor any other
                  `topology up FILE` brings one up
                """));
  }

  @Test
  void aSecondUpSaysWhoHasTheName() throws Exception {
    Process up = up("pair", pair);

    ProgramRun second = place.run("up", pair);

    assertThat(second.code()).isEqualTo(ExitCode.UNFIT_HOST);
    assertThat(second.err())
        .contains(
            "a topology named \"pair\" is already running: process " + up.pid() + " since ",
            ", from " + pair,
            "`topology down pair`");
  }

  @Test
  void aKilledSupervisorLeavesNothingThatIsInTheWay() throws Exception {
    Process up = up("pair", pair);
    List<Long> guests = place.processes();

    up.destroyForcibly().waitFor();

    await().until(() -> guests.stream().noneMatch(Place::isAlive));
    String killed = "its supervisor (process " + up.pid() + ") was killed; nothing runs";
    assertThat(place.run("ps"))
        .isEqualTo(
            run(ExitCode.DONE, "", "no topology is running; --all lists those that are over\n"));
    assertThat(place.run("ps", "--all"))
        .isEqualTo(run(ExitCode.DONE, "pair: " + killed + "\n", ""));
    assertThat(place.run("stop", "-i", "pair", "left").err()).contains(killed);
    assertThat(place.run("wait", "pair")).extracting(ProgramRun::code).isEqualTo(ExitCode.REFUSED);

    up("pair", pair);
    assertThat(place.run("ps").out()).contains("pair: starting");
  }

  @Test
  void detachingFailsAsUpDoes() throws Exception {
    place.withQemuThat("echo 'cannot set up guest memory' >&2; exit 1");

    ProgramRun detached = place.run("up", "--detach", pair);

    assertThat(detached.code()).isEqualTo(ExitCode.NODE_FAILED);
    assertThat(detached.err())
        .contains("failed: it could not be started: the host has no")
        .contains("topology up " + pair + " --only");
    assertThat(place.run("ps", "-a").out()).contains("pair: it has ended (");
    assertThat(place.run("wait", "pair").code()).isEqualTo(ExitCode.NODE_FAILED);
  }

  @Test
  void detachingSaysSoWhereTheReasonOfAFailureCannotBeWritten() throws Exception {
    place.withQemuThat("exit 1");
    Path directory = Files.createDirectories(place.user().runtime().resolve("pair"));
    Path log = directory.resolve("supervisor.log");
    Files.createSymbolicLink(log, Path.of("/dev/full"));

    ProgramRun detached = place.run("up", "--detach", pair);

    assertThat(detached.code()).isEqualTo(ExitCode.UNFIT_HOST);
    assertThat(detached.err())
        .contains("pair could not be started, nor the reason be written to " + log)
        .contains("see the reason with `topology up` without --detach");
  }

  @Test
  void whatIsOverIsForgottenWhenSaidAndAfterAWeek() throws Exception {
    place.withQemuThat("exit 1");
    Path logs = place.user().runtime().resolve("pair");

    place.run("up", "--detach", pair);
    assertThat(place.run("down", "pair"))
        .isEqualTo(run(ExitCode.DONE, "pair: was over already; its logs are removed\n", ""));
    assertThat(logs).doesNotExist();

    place.run("up", "--detach", pair);
    age(logs, Duration.ofDays(6));
    assertThat(place.run("ps", "--all").out()).contains("pair: it has ended (");
    age(logs, Duration.ofDays(8));
    assertThat(place.run("ps", "--all").err()).isEqualTo("no topology is running\n");
    assertThat(logs).doesNotExist();
  }

  private static void age(Path directory, Duration age) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
      }
    }
  }

  @Test
  void aWarningIsToldOnceBothByUpAndByADetachedOne() throws Exception {
    place.withQemuThat("exit 1");
    String lab = place.file("warned.yaml", "defaults: {cpus: 2}\nnodes: {left: {cpus: 1}}\n");

    assertThat(place.run("up", lab).err().split("warning\\[", -1)).hasSize(2);
    assertThat(place.run("up", "--detach", lab).err().split("warning\\[", -1)).hasSize(2);
  }

  @Test
  void detachingCanBeStoppedAsLongAsItWaits() throws Exception {
    Process up = up("pair", pair, "--detach");
    Instance instance = instance("pair").orElseThrow();
    assertThat(instance.supervisor().orElseThrow().pid()).isNotEqualTo(up.pid());

    new ProcessBuilder("sh", "-c", "kill -INT " + up.pid()).start().waitFor();

    assertThat(up.waitFor()).isEqualTo(ExitCode.INTERRUPTED.status());
    assertThat(place.processes()).hasSize(2).noneMatch(Place::isAlive);
    assertThat(instance("pair")).isEmpty();
  }

  /** People run it in loops. What takes longest to load, it does not need. */
  @Test
  void psLoadsLittle() throws Exception {
    up("pair", pair);

    Process ps = place.program(List.of("-Xlog:class+load"), "ps").start();

    assertThat(new String(ps.getInputStream().readAllBytes(), UTF_8))
        .contains("pair: starting, up ", "dev.topology.control.RecordJson source: ")
        .doesNotContain("com.fasterxml.jackson.databind.ObjectMapper source: ")
        .doesNotContain("com.kenai.jffi.", "java.util.logging.LogManager", "java.util.Formatter ")
        .doesNotContain("java.time.format.DateTimeParseContext ", "org.hibernate.", "org.eclipse.")
        .doesNotContain("dev.topology.language.load.");
    assertThat(ps.waitFor()).isZero();
  }

  private static ProgramRun run(ExitCode code, String out, String err) {
    return new ProgramRun(code, out, err);
  }

  /** Brings a topology up in another process; returns when both of its guests run. */
  private Process up(String name, String... arguments) throws IOException {
    ProcessBuilder builder = place.program(List.of(), "up");
    builder.command().addAll(List.of(arguments));
    int before = place.processes().size();
    Process program = builder.redirectOutput(directory.resolve(name + ".out").toFile()).start();
    programs.add(program);
    await()
        .until(
            () ->
                place.processes().size() == before + 2
                    && instance(name).isPresent()
                    && listens(name));
    return program;
  }

  private boolean listens(String name) throws ControlException {
    Optional<ControlClient> client = ControlClient.connect(place.user().runtime().resolve(name));
    client.ifPresent(ControlClient::close);
    return client.isPresent();
  }

  private Optional<Instance> instance(String name) throws IOException {
    return new Instances(place.user().runtime())
        .named(name)
        .filter(instance -> instance.supervisor().isPresent());
  }
}
