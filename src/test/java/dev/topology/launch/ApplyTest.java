package dev.topology.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.topology.image.BuildListener;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.PlanChange;
import dev.topology.run.RunEvent;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.UnknownNameException;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.testing.TestHost;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One topology of real guests that becomes others, one after the other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApplyTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String FIRST =
      """
      name: lab
      defaults: {memory: 128MiB, host_network: false}
      nodes: {a: {channels: [up]}, b: {files: {/etc/page: ./page}}, c: {}}
      switches: {office: [c, a, b]}
      cables: [{ends: [a, b], name: ab, delay: 1ms}]
      """;

  private static final String SECOND =
      FIRST.replace("c: {}", "d: {}").replace("[c, a, b]", "[d, a, b]");

  private static final String WHEN_IT_STARTS = "a node gets its cables when it starts";

  private static final String CONNECT = "until nc 10.127.255.3 5000; do sleep 0.1; done";

  @TempDir static Path directory;

  private static Launch launch;
  private static RunningTopology running;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(directory.resolve("page"), "first\n");
    launch = RealLaunch.of(FIRST, directory);
    running = launch.topology();
    running.awaitReady(PATIENCE);
  }

  @AfterAll
  static void stop() {
    if (launch != null) {
      launch.discardFiles();
      launch.close();
    }
  }

  private static LaunchPlan plan(String yaml) throws Exception {
    Launcher launcher =
        new Launcher(
            new UserDirectories(
                System.getenv(), directory, TestHost.cache(), directory.resolve("run")));
    InputStream text = new ByteArrayInputStream(yaml.getBytes(UTF_8));
    Topology topology = launcher.loadAfter(running.topology(), text, "lab.yaml").orElseThrow();
    return launcher.prepare(topology, new BuildListener() {}).planAfter(running.plan());
  }

  private static List<String> apply(String yaml) throws Exception {
    LaunchPlan plan = plan(yaml);
    List<PlanChange> expected = running.changesTo(plan);
    List<PlanChange> changes = running.apply(plan);
    assertThat(changes).isEqualTo(expected);
    return changes.stream().map(PlanChange::describe).toList();
  }

  private static String sh(String node, String script) throws Exception {
    return running.node(node).shell().run(script).expectSuccess().output();
  }

  private static void inBackground(String node, String script) throws Exception {
    sh(node, "setsid sh -c '" + script + "' </dev/null >/dev/null 2>&1 &");
  }

  private static long pid(String node) {
    return running.node(node).usage().orElseThrow().pid();
  }

  @Test
  @Order(1)
  void nodesThatStayDoNotNotice() throws Exception {
    RunningNode a = running.node("a");
    RunningCable cable = running.cable("ab");
    cable.cut();
    long pidOfA = pid("a");
    long pidOfB = pid("b");
    inBackground("b", "tail -f /dev/null | nc -l -p 5000 >/tmp/got");
    sh("a", "echo one >/tmp/said");
    inBackground("a", "tail -f /tmp/said | sh -c \"" + CONNECT + "\"");
    await().atMost(PATIENCE).until(() -> sh("b", "cat /tmp/got"), "one"::equals);

    List<String> changes = apply(SECOND);

    assertThat(changes)
        .containsExactly(
            "c: ends (it is not in the file any more)",
            "d: starts (new)",
            "cable office--c:eth1: is unplugged (it is not in the file any more)",
            "cable office--d:eth1: is plugged in (new)");
    running.awaitReady(PATIENCE);
    assertThat(running.node("a")).isSameAs(a);
    assertThat(pid("a")).isEqualTo(pidOfA);
    assertThat(pid("b")).isEqualTo(pidOfB);
    sh("a", "echo two >>/tmp/said");
    await().atMost(PATIENCE).until(() -> sh("b", "cat /tmp/got"), "one\ntwo"::equals);
    assertThat(running.cable("ab")).isSameAs(cable);
    assertThat(cable.isCut()).isTrue();
    cable.join();
    assertThat(sh("d", "ping -c 2 -W 20 b")).contains(" 0% packet loss");
    assertThat(running.nodes().stream().map(RunningNode::name)).containsExactly("a", "b", "d");
    assertThatExceptionOfType(UnknownNameException.class).isThrownBy(() -> running.node("c"));
    assertThat(running.events())
        .contains(new RunEvent.Changed(running.topology(), changes))
        .doesNotContain(new RunEvent.NodeRestarted("a"), new RunEvent.NodeRestarted("b"));
  }

  @Test
  @Order(2)
  void aNewCableAndOtherContentRestartWhatTheyConcern() throws Exception {
    long pidOfA = pid("a");
    RunningNode b = running.node("b");
    String cabled = SECOND.replace("1ms}", "1ms}, {ends: [\"b:eth3\", \"d:eth2\"], name: bd}");
    Files.writeString(directory.resolve("page"), "second\n");

    List<String> changes = apply(cabled);

    assertThat(changes)
        .containsExactly(
            "b: restarts (%s has changed, cable bd is new; %s)"
                .formatted(directory.resolve("page"), WHEN_IT_STARTS),
            "d: restarts (cable bd is new; " + WHEN_IT_STARTS + ")",
            "cable bd: is plugged in (new)");
    running.awaitReady(PATIENCE);
    assertThat(sh("b", "cat /etc/page; ping -c 2 -W 20 d")).contains("second", " 0% packet loss");
    assertThat(running.node("b")).isSameAs(b);
    assertThat(b.restarts()).isEqualTo(1);
    assertThat(pid("a")).isEqualTo(pidOfA);
    assertThat(apply(cabled)).isEmpty();
  }

  @Test
  @Order(3)
  void aNodeThatCannotBeStartedLeavesTheOthersAlone() throws Exception {
    long pidOfA = pid("a");
    int port;
    String more;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
      more = SECOND.replace("d: {}", "d: {host_network: true, ports: {80: %d}}".formatted(port));

      assertThat(apply(more))
          .contains(
              "b: restarts (cable bd is gone)",
              "d: restarts (changed: host_network, ports, cable bd is gone)");
      assertThatExceptionOfType(NodeEndedException.class)
          .isThrownBy(() -> running.awaitReady(PATIENCE))
          .withMessageContaining("d has failed, all others run on")
          .withMessageContaining("host port " + port);
      assertThat(running.node("d").outcome().orElseThrow()).isInstanceOf(NodeOutcome.Failed.class);
      assertThat(running.outcome()).isEmpty();
    }

    assertThat(apply(more)).containsExactly("d: starts (it could not be started before)");
    running.awaitReady(PATIENCE);
    assertThat(running.node("d").hostPort(80)).isEqualTo(port);
    assertThat(pid("a")).isEqualTo(pidOfA);
    assertThat(running.node("d").state()).isEqualTo(NodeState.READY);
  }

  @Test
  @Order(4)
  void anotherReadinessHoldsForTheNextStartToo() throws Exception {
    RunningNode a = running.node("a");
    String told = SECOND.replace("channels: [up]", "channels: [up], ready: {channel: up}");

    assertThat(apply(told)).contains("a: runs on (changed: ready)");
    a.restart();
    sh("a", "echo >/dev/virtio-ports/up");

    a.awaitReady(PATIENCE);
  }
}
