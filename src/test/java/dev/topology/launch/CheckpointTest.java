package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.image.BuildListener;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Checkpoints.Checkpoint;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.SavedRun;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are saved as a whole and go on, in real QEMUs. */
class CheckpointTest {

  private static final String PAIR =
      """
      name: pair
      defaults: {memory: 128MiB, host_network: false}
      nodes: {left: {}, right: {}}
      cables:
        - [{node: left, address: 10.1.0.1/24}, {node: right, address: 10.1.0.2/24}]
        - ends: [{node: left, address: 10.2.0.1/24}, {node: right, address: 10.2.0.2/24}]
          delay: 30ms
      """;

  /** How many each node sends to the other over each cable: some 15 s of them, and their echoes. */
  private static final int DATAGRAMS = 1500;

  private static final String STREAMS =
      """
      for cable in 1 2; do
        ping -i 0.01 -c %d -s 1000 10.$cable.0.PEER </dev/null >/tmp/ping$cable 2>&1 &
      done
      """
          .formatted(DATAGRAMS);

  @TempDir Path directory;

  @Test
  void losesAndDoublesNoFrame() throws Exception {
    Preparation prepared = prepare(PAIR);
    Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
    SavedRun saved;
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
      launch.topology().node("left").shell().run(STREAMS.replace("PEER", "2"));
      launch.topology().node("right").shell().run(STREAMS.replace("PEER", "1"));
      for (RunningNode node : launch.topology().nodes()) {
        run(node, "while [ $(wc -l </tmp/ping2) -lt 100 ]; do sleep 0.1; done");
      }

      saved = launch.topology().checkpoint(checkpoint);

      assertEachCameOnce(launch);
    }
    try (Launch launch = Launch.start(prepared.planFrom(saved), RunListener.SILENT)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
      assertEachCameOnce(launch);
    }
  }

  /**
   * Most of them are sent after the checkpoint, and those of before it are counted as well. A busy
   * guest may leave some unanswered, which shows in its own counts.
   */
  private static void assertEachCameOnce(Launch launch) throws InterruptedException {
    RunningNode left = launch.topology().node("left");
    RunningNode right = launch.topology().node("right");
    for (RunningNode node : List.of(left, right)) {
      assertThat(run(node, "cat /tmp/ping1 /tmp/ping2")).doesNotContain("transmitted");
    }
    for (RunningNode node : List.of(left, right)) {
      for (int cable = 1; cable <= 2; cable++) {
        String file = "/tmp/ping" + cable;
        run(node, "while ! grep -q transmitted %s; do sleep 0.1; done".formatted(file));
        assertThat(run(node, "grep DUP " + file)).isEmpty();
      }
    }
    assertThat(count(left, "InEchos")).isEqualTo(2 * DATAGRAMS);
    assertThat(count(right, "InEchos")).isEqualTo(2 * DATAGRAMS);
    assertThat(count(left, "InEchoReps")).isEqualTo(count(right, "OutEchoReps"));
    assertThat(count(right, "InEchoReps")).isEqualTo(count(left, "OutEchoReps"));
  }

  /** One of a guest's counts of ICMP messages. */
  static int count(RunningNode node, String what) throws InterruptedException {
    String words = run(node, "grep ^Icmp: /proc/net/snmp");
    List<String> names = List.of(words.lines().findFirst().orElseThrow().split(" "));
    List<String> numbers = List.of(words.lines().skip(1).findFirst().orElseThrow().split(" "));
    return Integer.parseInt(numbers.get(names.indexOf(what)));
  }

  private static final String ROUTED =
      """
      name: routed
      defaults: {memory: 128MiB, host_network: false}
      nodes:
        client: {routes: {default: 10.1.0.2}}
        router: {forward: true}
        server: {routes: {default: 10.2.0.2}}
      cables:
        - [{node: client, address: 10.1.0.1/24}, {node: router, address: 10.1.0.2/24}]
        - [{node: router, address: 10.2.0.2/24}, {node: server, address: 10.2.0.1/24}]
      """;

  /** A connection over a router goes on, of which lines come in their order. */
  @Test
  void bringsConnectionsBackByTheTextThatWasSaved() throws Exception {
    Preparation prepared = prepare(ROUTED);
    Path file = directory.resolve("lab.yaml");
    Path place = directory.resolve("routed");
    Checkpoints checkpoints = new Checkpoints(user());
    String sees =
        "while [ $(wc -l </tmp/got) -lt %d ]; do sleep 0.1; done; awk '$1 != NR' /tmp/got";
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      run(topology.node("server"), "sleep 9999 | nc -l -p 5000 >/tmp/got 2>/dev/null &");
      run(
          topology.node("client"),
          "(n=0; while sleep 0.05; do n=$((n + 1)); echo $n; done)"
              + " | nc 10.2.0.1 5000 >/dev/null 2>&1 &");
      assertThat(run(topology.node("server"), sees.formatted(20))).isEmpty();

      checkpoints.save(topology, file, place, /* replaces= */ false);

      int before = Integer.parseInt(run(topology.node("server"), "wc -l </tmp/got"));
      assertThat(run(topology.node("server"), sees.formatted(before + 20))).isEmpty();
      assertThatExceptionOfType(LaunchException.class)
          .isThrownBy(() -> checkpoints.save(topology, file, place, false))
          .withMessage(place + " is there already");
      assertRefusedWhilePaused(topology);
      Files.writeString(file, ROUTED.replace("forward: true", "forward: false"));
      assertThatExceptionOfType(LaunchException.class)
          .isThrownBy(() -> checkpoints.save(topology, file, place, true))
          .withMessageContaining("does not say any more what runs");
    }
    Checkpoint saved = checkpoints.open(place.toString());
    assertThat(saved.topology().toString()).isEqualTo(prepared.topology().toString());
    try (Launch launch = Launch.start(saved.plan(prepared), RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      int before = Integer.parseInt(run(topology.node("server"), "wc -l </tmp/got"));
      assertThat(run(topology.node("server"), sees.formatted(before + 20))).isEmpty();

      topology.node("client").restart();
      topology.node("client").awaitReady(Duration.ofMinutes(10));
      assertThat(run(topology.node("client"), "ls /tmp; ping -c 2 10.2.0.1"))
          .contains(" 0% packet loss");
    }
    assertRefusedElsewhere(saved, prepared);
    Path state = place.resolve("server.state");
    Files.write(state, new byte[] {0}, StandardOpenOption.APPEND);
    assertThatExceptionOfType(LaunchException.class)
        .isThrownBy(() -> saved.plan(prepared))
        .withMessageContaining("server.state is not what was saved: it is damaged");
  }

  /** Made by another program, on another processor, by another QEMU, or of another text. */
  private void assertRefusedElsewhere(Checkpoint saved, Preparation prepared) throws Exception {
    Path manifest = saved.place().resolve("checkpoint.json");
    String text = Files.readString(manifest);
    for (String what :
        List.of(
            "program", "processor", "accelerator of router", "QEMU of router", "boot file of")) {
      assertThat(text).contains("\"" + what);
      Files.writeString(manifest, text.replaceFirst("(\"" + what + "[^:\"]*: )", "$1other "));
      Checkpoint other = new Checkpoints(user()).open(saved.place().toString());
      assertThatExceptionOfType(LaunchException.class)
          .isThrownBy(() -> other.plan(prepared))
          .withMessageContaining("what it was saved with has changed: " + what)
          .withMessageContaining(": other ");
    }
    Files.writeString(manifest, text.replace("forward: true", "forward: false"));
    assertThatExceptionOfType(LaunchException.class)
        .isThrownBy(() -> new Checkpoints(user()).open(saved.place().toString()).topology())
        .withMessageContaining("its text says something else now");
    Files.writeString(manifest, text);
  }

  private void assertRefusedWhilePaused(RunningTopology topology) throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    topology.node("router").pause();
    assertThatIllegalStateException()
        .isThrownBy(() -> topology.checkpoint(other))
        .withMessage("router is paused; let it go on with `topology resume router`");
    topology.node("router").resume();
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void theRunGoesOnWhereItCannotBeSaved() throws Exception {
    Preparation prepared = prepare(PAIR);
    Path full = Files.createDirectory(directory.resolve("full"));
    assumeThat(system("mount", "-t", "tmpfs", "-o", "size=4m", "none", full.toString()))
        .as("a user who can mount a file system")
        .isZero();
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);

      assertThatExceptionOfType(LaunchException.class)
          .isThrownBy(() -> topology.checkpoint(full))
          .withMessageContaining("cannot save pair in " + full)
          .withMessageContaining("No space left on device")
          .extracting(LaunchException::remedy)
          .isEqualTo("make room there, or name another directory");

      assertThat(run(topology.node("left"), "ping -c 2 10.2.0.2")).contains(" 0% packet loss");
    } finally {
      assertThat(system("umount", full.toString())).isZero();
    }
  }

  /**
   * One is killed while all stand still: the run fails by it, as it always would. Where that moment
   * passes unseen, which is short, the node is killed afterwards and there is nothing to refuse.
   */
  @Test
  void theRunFailsWhereANodeDiesMeanwhile() throws Exception {
    Preparation prepared = prepare(PAIR);
    Path place = Files.createDirectory(directory.resolve("checkpoint"));
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      ProcessHandle right =
          ProcessHandle.current()
              .children()
              .filter(it -> commandLine(it).contains("guest=pair.right"))
              .findFirst()
              .orElseThrow();
      AtomicBoolean isOver = new AtomicBoolean();
      Thread killer =
          new Thread(
              () -> {
                while (!isStopped(right) && !isOver.get()) {
                  Thread.onSpinWait();
                }
                right.destroyForcibly();
              });
      killer.start();

      Throwable refusal = catchThrowable(() -> topology.checkpoint(place));

      isOver.set(true);
      killer.join();
      if (refusal != null) {
        assertThat(refusal).isInstanceOf(NodeEndedException.class).hasMessageContaining("right ");
      }
      assertThat(topology.awaitOutcome(Duration.ofMinutes(10)))
          .isInstanceOf(TopologyOutcome.Failed.class);
    }
  }

  private static String commandLine(ProcessHandle process) {
    return read(process, "cmdline");
  }

  private static boolean isStopped(ProcessHandle process) {
    String stat = read(process, "stat");
    return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
  }

  private static String read(ProcessHandle process, String file) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid(), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int system(String... command) throws Exception {
    return new ProcessBuilder(command).start().waitFor();
  }

  private static String run(RunningNode node, String script) throws InterruptedException {
    return node.shell().run(script).output().strip();
  }

  private Preparation prepare(String yaml) throws Exception {
    TestHost.facts();
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml);
    Topology topology = new TopologyLoader().loadOrThrow(file, Map.of());
    return new Launcher(user()).prepare(topology, new BuildListener() {});
  }

  private UserDirectories user() {
    return new UserDirectories(
        System.getenv(), directory, TestHost.cache(), directory.resolve("run"));
  }
}
