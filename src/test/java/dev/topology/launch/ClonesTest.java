package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.image.BuildListener;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Snapshot;
import dev.topology.plan.Start;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.snapshot.SnapshotStore;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are clones of saved guests, in real QEMUs. */
class ClonesTest {

  private static final String NETWORK =
      """
      name: network
      defaults: {memory: 128MiB}
      nodes:
        left: {env: {WHO: left}, ports: {80: auto}}
        right: {env: {WHO: right}, ports: {80: auto}}
        files: {files: {/etc/motd: motd}}
      cables:
        - [left, right]
      """;

  @TempDir Path directory;

  private final List<String> saved = new ArrayList<>();

  @Test
  void areNodesOfTheirOwn() throws Exception {
    Preparation prepared = prepare(NETWORK);

    // Both have a host network and one cable, and so are clones of one guest.
    assertThat(saved).containsExactly("left");
    assertThat(new SnapshotStore(directory.resolve("snapshots")).list()).hasSize(1);
    LaunchPlan plan = prepared.plan();
    assertThat(plan.nodes().get(0).start()).isInstanceOf(Start.Cloned.class);
    assertThat(plan.nodes().get(2).start()).isInstanceOf(Start.Booted.class);
    try (Launch launch = Launch.start(plan, RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningNode left = topology.node("left");
      RunningNode right = topology.node("right");

      assertThat(run(left, "hostname; echo $WHO")).isEqualTo("left\nleft");
      assertThat(run(right, "hostname; echo $WHO")).isEqualTo("right\nright");
      assertThat(run(left, "cat /sys/class/net/eth1/address"))
          .isEqualTo(macOf(prepared.topology(), 0));
      assertThat(run(right, "cat /sys/class/net/eth1/address"))
          .isEqualTo(macOf(prepared.topology(), 1));
      assertThat(run(left, "ping -c 2 right")).contains(" 0% packet loss");
      assertThat(run(left, "modprobe bridge && ls -d /sys/module/bridge"))
          .isEqualTo("/sys/module/bridge");
      Instant guests = Instant.ofEpochSecond(Long.parseLong(run(right, "date +%s")));
      assertThat(Duration.between(guests, Instant.now())).isLessThan(Duration.ofMinutes(1));
      run(right, "echo page >/tmp/index.html && httpd -p 80 -h /tmp");
      assertThat(run(left, "wget -q -O - http://right/")).isEqualTo("page");

      right.restart();
      right.awaitReady(Duration.ofMinutes(10));
      assertThat(run(left, "ping -c 2 right")).contains(" 0% packet loss");
      assertThat(run(right, "hostname; ls /tmp")).isEqualTo("right");

      // By a plan that was made for a run, nodes boot: it has other sockets than that of a clone.
      assertThat(topology.apply(prepared.planAfter(plan))).isEmpty();
      right.restart();
      right.awaitReady(Duration.ofMinutes(10));
      assertThat(run(left, "ping -c 2 right")).contains(" 0% packet loss");
    }
  }

  /** What was saved is the same in all of them: only what they are told may make them differ. */
  @Test
  void haveRandomNumbersOfTheirOwn() throws Exception {
    Preparation prepared =
        prepare(
            "{name: many, defaults: {memory: 128MiB, host_network: false}, nodes: {n: {count: 16}}}");

    assertThat(saved).containsExactly("n-1");
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
      List<String> random = new ArrayList<>();
      for (RunningNode node : launch.topology().nodes()) {
        random.add(run(node, "head -c 16 /dev/urandom | hexdump -v -e '1/1 \"%02x\"'"));
        random.add(run(node, "cat /proc/sys/kernel/random/boot_id"));
      }
      assertThat(random).hasSize(32).doesNotHaveDuplicates().noneMatch(String::isEmpty);
    }
  }

  @Test
  void areMadeOfAnotherGuestWhereTheSavedOneIsDamaged() throws Exception {
    String yaml = "{name: one, nodes: {a: {host_network: false, memory: 128MiB}}}";
    Snapshot first = Objects.requireNonNull(prepare(yaml).facts().snapshots().get("a"));
    assertThat(saved).hasSize(1);
    prepare(yaml);
    assertThat(saved).hasSize(1);

    Files.write(first.state(), new byte[100]);

    Preparation again = prepare(yaml);
    assertThat(saved).hasSize(2);
    try (Launch launch = Launch.start(again.plan(), RunListener.SILENT)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
    }
  }

  @Test
  void whatCannotBePlannedIsSaidOfTheNodeItself() throws Exception {
    assumeThat(TestHost.facts().guests().values())
        .as("a host without KVM")
        .noneMatch(guests -> guests.kvm().proven());

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> prepare("{name: one, nodes: {a: {accel: kvm}}}"))
        .withMessageContaining("node \"a\"");
  }

  private static String macOf(Topology topology, int end) {
    return topology.cables().get(0).endpoints().get(end).mac().toString();
  }

  private static String run(RunningNode node, String script) throws InterruptedException {
    return node.shell().run(script).output().strip();
  }

  private Preparation prepare(String yaml) throws Exception {
    TestHost.facts();
    Files.writeString(directory.resolve("motd"), "hello");
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml);
    Topology topology = new TopologyLoader().loadOrThrow(file, Map.of());
    UserDirectories user =
        new UserDirectories(System.getenv(), directory, TestHost.cache(), directory.resolve("run"));
    Preparation prepared = new Launcher(user).prepare(topology, new BuildListener() {});
    BuildListener listener =
        new BuildListener() {
          @Override
          public void saving(String node) {
            saved.add(node);
          }
        };
    Launch.requirePrivate(user.runtime());
    return new Clones(new SnapshotStore(directory.resolve("snapshots")), user.runtime(), listener)
        .with(prepared);
  }
}
