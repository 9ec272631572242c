package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.BuildListener;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.SavedRun;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningNode;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

  /** One of the counts of ICMP messages. */
  private static int count(RunningNode node, String what) throws InterruptedException {
    String words = run(node, "grep ^Icmp: /proc/net/snmp");
    List<String> names = List.of(words.lines().findFirst().orElseThrow().split(" "));
    List<String> numbers = List.of(words.lines().skip(1).findFirst().orElseThrow().split(" "));
    return Integer.parseInt(numbers.get(names.indexOf(what)));
  }

  private static String run(RunningNode node, String script) throws InterruptedException {
    return node.shell().run(script).output().strip();
  }

  private Preparation prepare(String yaml) throws Exception {
    TestHost.facts();
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml);
    Topology topology = new TopologyLoader().loadOrThrow(file, Map.of());
    UserDirectories user =
        new UserDirectories(System.getenv(), directory, TestHost.cache(), directory.resolve("run"));
    return new Launcher(user).prepare(topology, new BuildListener() {});
  }
}
