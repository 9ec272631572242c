package dev.topology.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.topology.run.RunEvent;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.UnknownNameException;
import dev.topology.run.cable.Capture;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.run.node.RunException.NodeEndedException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private static List<String> apply(String yaml) throws Exception {
    RunChange change = RealLaunch.change(running, directory);
    List<String> expected = change.preview(text(yaml), "lab.yaml", List.of());
    List<String> changes = change.carryOut(text(yaml), "lab.yaml", List.of());
    assertThat(changes).isEqualTo(expected);
    return changes;
  }

  private static InputStream text(String yaml) {
    return new ByteArrayInputStream(yaml.getBytes(UTF_8));
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

  @Test
  @Order(5)
  void aCableGetsAndLosesItsShaperWhileItsNodesRunOn() throws Exception {
    String told = SECOND.replace("channels: [up]", "channels: [up], ready: {channel: up}");
    String plain = told.replace(", delay: 1ms", "");
    List<Long> pids = List.of(pid("a"), pid("b"));
    RunningCable cable = running.cable("ab");
    String other = cable.cable().right().addresses().get(0).address().toString();
    try (Capture capture = cable.capture(directory.resolve("ab.pcap"))) {
      assertThat(apply(plain)).contains("cable ab: has no shaper any more");
      assertThat(cable.shaping()).isEmpty();
      long before = capture.frames();
      assertThat(sh("a", "ping -c 2 -W 20 " + other)).contains(" 0% packet loss");
      await().atMost(PATIENCE).until(() -> capture.frames() >= before + 4);

      assertThat(apply(told.replace("delay: 1ms", "loss: 100%")))
          .containsExactly("cable ab: gets a shaper (loss=100%)");
      assertThat(loss(other)).contains("100% packet loss");

      assertThat(apply(told.replace("delay: 1ms", "delay: 2ms, seed: 4")))
          .containsExactly("cable ab: gets a shaper with another seed (delay=2ms)");
      long between = capture.frames();
      assertThat(sh("a", "ping -c 2 -W 20 " + other)).contains(" 0% packet loss");
      await().atMost(PATIENCE).until(() -> capture.frames() >= between + 4);
      assertThat(cable.counters().orElseThrow().leftToRight().deliveredFrames())
          .isGreaterThanOrEqualTo(2);
      assertThat(capture.failure()).isEmpty();
    }
    assertThat(List.of(pid("a"), pid("b"))).isEqualTo(pids);
    assertThat(running.cable("ab")).isSameAs(cable);
  }

  private static String loss(String address) throws Exception {
    return running.node("a").shell().run("ping -c 1 -W 1 " + address).output();
  }

  /** One may be refused while the other is carried out; whichever was last, it holds whole. */
  @Test
  @Order(5)
  void twoFilesAtOnceLeaveOneOfThem() throws Exception {
    apply(SECOND);
    for (int time = 0; time < 20; time++) {
      List<CompletableFuture<String>> both =
          Stream.of("3ms", "4ms")
              .map(delay -> CompletableFuture.supplyAsync(() -> delayedBeside(delay)))
              .toList();
      List<String> done = new ArrayList<>();
      for (CompletableFuture<String> each : both) {
        done.add(each.get(PATIENCE.toMinutes(), TimeUnit.MINUTES));
      }
      assertThat(done)
          .contains(running.cable("ab").shaping().orElseThrow().delay().toMillis() + "ms");
    }
    apply(SECOND);
  }

  /** The delay that it was given, or nothing if that was refused. */
  private static String delayedBeside(String delay) {
    String yaml = SECOND.replace("delay: 1ms", "delay: " + delay);
    try {
      RealLaunch.change(running, directory).carryOut(text(yaml), "lab.yaml", List.of());
      return delay;
    } catch (IllegalStateException busy) {
      assertThat(busy).hasMessage("it is being changed already; try again when that is done");
      return "";
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Order(6)
  void aPortOfTheHostGoesFromOneCableToAnother() throws Exception {
    try (DatagramSocket peer = socket();
        DatagramSocket other = socket();
        DatagramSocket taken = socket()) {
      int port;
      try (DatagramSocket free = socket()) {
        port = free.getLocalPort();
      }
      String first = SECOND.replace("cables: [", "cables: [" + out("a", peer, port) + ", ");
      assertThat(apply(first)).contains("cable out-a: is plugged in (new)");
      running.awaitReady(PATIENCE);
      assertThat(frameOf(peer, "a")).isNotZero();

      assertThatExceptionOfType(LaunchException.class)
          .isThrownBy(
              () ->
                  apply(
                      SECOND.replace(
                          "cables: [",
                          "cables: ["
                              + String.join(
                                  ", ",
                                  out("b", other, port),
                                  out("d", other, taken.getLocalPort()),
                                  ""))))
          .withMessageContaining("UDP port " + taken.getLocalPort() + " of this host is taken");
      assertThat(frameOf(peer, "a")).isNotZero();

      assertThat(apply(SECOND.replace("cables: [", "cables: [" + out("b", peer, port) + ", ")))
          .contains("cable out-a: is unplugged (it is not in the file any more)")
          .contains("cable out-b: is plugged in (new)");
      running.awaitReady(PATIENCE);
      assertThat(frameOf(peer, "b")).isNotZero();

      apply(SECOND.replace("cables: [", "cables: [" + out("b", other, port) + ", "));
      running.awaitReady(PATIENCE);
      assertThat(frameOf(other, "b")).isNotZero();
    }
  }

  private static DatagramSocket socket() throws Exception {
    return new DatagramSocket(0, InetAddress.getLoopbackAddress());
  }

  private static String out(String node, DatagramSocket peer, int port) {
    return "{name: out-%s, ends: [{node: %s, address: 10.9.0.1/24}, {udp: \"127.0.0.1:%d\", listen: %d}]}"
        .formatted(node, node, peer.getLocalPort(), port);
  }

  /** The length of a frame that a guest's request for an address makes it send. */
  private static int frameOf(DatagramSocket peer, String node) throws Exception {
    running.node(node).shell().run("ping -c 1 -W 1 10.9.0.2");
    DatagramPacket frame = new DatagramPacket(new byte[2000], 2000);
    peer.setSoTimeout((int) PATIENCE.toMillis());
    peer.receive(frame);
    return frame.getLength();
  }

  @Test
  @Order(7)
  void aNodeThatIsStartingIsChangedAgainAndOneThatWasThereComesBack() throws Exception {
    apply(SECOND);
    assertThat(apply(FIRST.replace("c: {}", "c: {env: {N: one}}"))).contains("c: starts (new)");
    assertThat(apply(FIRST.replace("c: {}", "c: {env: {N: two}}")))
        .containsExactly("c: restarts (changed: env)");
    assertThat(apply(FIRST.replace("c: {}", "c: {env: {N: three}, ready: {console: never}}")))
        .containsExactly("c: restarts (changed: env, changed: ready, for which it still waits)");
    running.node("c").stop();
    assertThat(apply(FIRST.replace("c: {}", "c: {env: {N: three}}, e: {}")))
        .containsExactly("c: runs on (changed: ready)", "e: starts (new)");
    running.awaitReady(PATIENCE);

    assertThat(apply(FIRST.replace("c: {}", "c: {env: {N: four}}")))
        .containsExactly("e: ends (it is not in the file any more)", "c: starts (changed: env)");
    running.awaitReady(PATIENCE);
    assertThat(sh("c", "echo $N; ping -c 2 -W 20 b")).contains("four", " 0% packet loss");
  }

  @Test
  @Order(8)
  void whatFailsAfterTheChangeEndsTheRunAsAlways() throws Exception {
    String failing = FIRST.replace("c: {}", "c: {}, f: {command: exit 3}");
    assertThat(apply(failing)).contains("f: starts (new)");
    assertThat(running.awaitOutcome(PATIENCE)).isInstanceOf(TopologyOutcome.Failed.class);
    assertThatExceptionOfType(RunEndedException.class).isThrownBy(() -> apply(FIRST));
  }

  /** Some of whose nodes boot, and some wait for others. */
  @Test
  void aTopologyThatIsStartingBecomesAnother() throws Exception {
    Path place = Files.createDirectory(directory.resolve("starting"));
    String yaml =
        """
        defaults: {memory: 128MiB, host_network: false}
        nodes:
          slow: {ready: {console: never printed}}
          waits: {depends_on: [slow]}
        cables: [[slow, waits]]
        """;
    try (Launch starting = RealLaunch.of(yaml, place)) {
      starting.discardFiles();
      RunChange change = RealLaunch.change(starting.topology(), place);
      assertThat(
              change.carryOut(
                  text(yaml.replace("waits:", "more: {depends_on: [waits]}\n  waits:")),
                  "lab.yaml",
                  List.of()))
          .containsExactly("more: starts (new)");
      assertThat(
              change.carryOut(
                  text(
                      yaml.replace("never printed", "^done")
                          .replace("waits:", "last: {depends_on: [waits]}\n  waits:")
                          .replace("^done}", "booted}, exec: [echo booted >/dev/hvc0]")),
                  "lab.yaml",
                  List.of()))
          .hasSize(3);
      starting.topology().awaitReady(PATIENCE);
      assertThat(starting.topology().node("last").state()).isEqualTo(NodeState.READY);
    }
  }
}
