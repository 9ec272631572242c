package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.topology.console.Mark;
import dev.topology.model.Cable;
import dev.topology.model.Topology;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.exec.Shell;
import dev.topology.run.node.Channel;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.NodeEndedException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One pair of guests, one of which has several lives. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartTest {

  @TempDir static Path directory;

  private static RecordedRun run;
  private static RunningNode left;
  private static RunningNode right;
  private static Shell shell;
  private static Channel channel;

  @BeforeAll
  static void start() throws Exception {
    Topology pair =
        TestNode.pair("lives", node("left").publishes(80).hasChannels("news"), node("right"));
    Cable cable = pair.cables().get(0);
    Path capture = directory.resolve("cable.pcap").toAbsolutePath();
    Cable captured = new Cable(cable.name(), cable.left(), cable.right(), Optional.of(capture));
    run =
        RecordedRun.of(
            new Topology("lives", pair.nodes(), List.of(), List.of(captured)), directory);
    left = run.running().node("left");
    right = run.running().node("right");
    shell = left.shell();
    channel = left.channel("news");
    run.running().awaitReady();
  }

  @AfterAll
  static void stop() {
    if (run != null) {
      run.close();
    }
  }

  @Test
  @Order(1)
  void aNodeThatRunsIsBootedAnewOnTheSameCablesAndPorts() throws Exception {
    left.shell().run("echo first life >/dev/hvc0; touch /tmp/old").expectSuccess();
    right.shell().run("ping -c 1 left").expectSuccess();
    int port = left.hostPort(80);
    Mark before = left.console().mark();
    long firstPid = left.usage().orElseThrow().pid();

    left.restart();
    left.awaitReady();

    assertThat(left.state()).isEqualTo(NodeState.READY);
    assertThat(left.restarts()).isEqualTo(1);
    assertThat(left.hostPort(80)).isEqualTo(port);
    assertThat(left.usage().orElseThrow().pid()).isNotEqualTo(firstPid);
    assertThat(shell.run("test -e /tmp/old").isSuccess()).isFalse();
    right.shell().run("ping -c 1 left").expectSuccess();
    shell.run("ping -c 1 right; echo second life >/dev/hvc0").expectSuccess();
    assertThat(left.console().from(before).expect("second life").text()).isNotEmpty();
    assertThat(Files.readString(left.consoleLog(), StandardCharsets.UTF_8))
        .containsPattern(Pattern.compile("first life.*--- restarted ---.*second", Pattern.DOTALL));
    assertThat(serve(port)).isEqualTo("hello\n");
  }

  private static String serve(int port) throws Exception {
    shell.run("echo hello >/tmp/page; setsid httpd -p 80 -h /tmp").expectSuccess();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("GET /page HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }

  @Test
  @Order(2)
  void theCaptureOfItsCableGoesOn() throws Exception {
    // One in its first life, two in its second.
    await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(Packets.in(directory.resolve("cable.pcap")).pings())
                    .hasSizeGreaterThanOrEqualTo(3));
  }

  @Test
  @Order(3)
  void aNodeThatIsStoppedIsGoneAndTheRunGoesOn() throws Exception {
    left.stop();

    assertThat(left.outcome()).contains(new NodeOutcome.Stopped());
    assertThat(left.usage()).isEmpty();
    assertThat(run.qemus()).hasSize(1);
    assertThat(run.running().outcome()).isEmpty();
    assertThatExceptionOfType(NodeEndedException.class).isThrownBy(() -> shell.run("true"));
    // More than the cable holds: the other side must neither wait nor have it delivered later.
    right.shell().run("ping -c 300 -i 0.005 -W 1 left; true", Duration.ofMinutes(10));
    left.stop();
  }

  @Test
  @Order(4)
  void aNodeThatHasEndedIsBootedAnew() throws Exception {
    int port = left.hostPort(80);
    try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      left.restart();
      left.awaitReady();
      assertThat(left.hostPort(80)).isNotEqualTo(taken.getLocalPort());
    }
    assertThat(run.running().hostPorts().get()).isEqualTo(left.hostPorts());
    RunningCable cable = run.running().cables().get(0);
    cable.cut();
    left.restart();
    left.awaitReady();

    assertThat(right.shell().run("ping -c 1 -W 1 left").isSuccess()).isFalse();
    assertThat(carrier()).isEqualTo("0");
    cable.join();
    await().atMost(Duration.ofMinutes(10)).until(() -> carrier().equals("1"));
    right.shell().run("ping -c 1 left").expectSuccess();
    left.shell().run("echo 3 >/dev/virtio-ports/news").expectSuccess();
    assertThat(channel.input().readNBytes(2)).isEqualTo("3\n".getBytes(StandardCharsets.UTF_8));
    assertThat(left.restarts()).isEqualTo(3);
  }

  private static String carrier() throws InterruptedException {
    return left.shell().run("cat /sys/class/net/eth1/carrier").output();
  }

  @Test
  @Order(5)
  void whatBecameOfItIsToldInOrder() throws Exception {
    left.pause();
    assertThat(left.isPaused()).isTrue();
    left.resume();
    assertThat(left.isPaused()).isFalse();
    List<String> expected =
        List.of(
            "NodeStarted",
            "NodeReady",
            "NodeEnded",
            "NodeRestarted",
            "NodeStarted",
            "NodeReady",
            "NodeEnded",
            "NodeRestarted",
            "Warned",
            "NodeStarted",
            "NodeReady",
            "NodeEnded",
            "NodeRestarted",
            "NodeStarted",
            "NodeReady",
            "NodePaused",
            "NodeResumed");
    await().untilAsserted(() -> assertThat(eventsOf("left")).isEqualTo(expected));
    assertThat(eventsOf("right")).containsExactly("NodeStarted", "NodeReady");
  }

  private static List<String> eventsOf(String node) {
    return run.events().stream()
        .filter(event -> event.toString().matches("\\w+\\[node=" + node + "\\b.*"))
        .map(event -> event.getClass().getSimpleName())
        .toList();
  }

  @Test
  void aTaskThatIsRestartedHasToSucceedAgain() throws Exception {
    Topology topology =
        TestNode.topology("again", node("quick").runs("true"), node("slow").runs("sleep 600"));
    try (RecordedRun tasks = RecordedRun.of(topology, directory.resolve("."))) {
      RunningNode quick = tasks.running().node("quick");
      assertThat(quick.awaitEnd(Duration.ofMinutes(10))).isEqualTo(new NodeOutcome.Done());
      quick.restart();
      assertThat(quick.awaitEnd(Duration.ofMinutes(10))).isEqualTo(new NodeOutcome.Done());
      RunningNode slow = tasks.running().node("slow");
      slow.stop();
      assertThat(tasks.running().outcome()).isEmpty();
      tasks.running().stop();
      assertThat(tasks.outcome()).isEqualTo(new TopologyOutcome.Stopped());
      assertThatExceptionOfType(RunEndedException.class).isThrownBy(quick::restart);
      tasks.running().over().get(10, TimeUnit.MINUTES);
    }
  }
}
