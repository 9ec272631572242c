package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.topology.control.Instances.Supervisor;
import dev.topology.control.TopologyStatus.CableStatus;
import dev.topology.control.TopologyStatus.NodeStatus;
import dev.topology.run.cable.CableCounters.DirectionCounters;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines of version 1 of the protocol, as they were recorded: programs read and write them. */
class WireFormatTest {

  private static final Supervisor SUPERVISOR =
      new Supervisor(
          "pair",
          4711,
          Instant.parse("2026-11-23T10:00:00.250Z"),
          Path.of("/home/me/pair ä.yaml"),
          /* boots= */ false);

  static Stream<Arguments> requests() {
    return Stream.of(
        arguments(new Request.Status(), "{\"id\":3,\"do\":\"status\"}"),
        arguments(new Request.Down(), "{\"id\":3,\"do\":\"down\"}"),
        arguments(new Request.AwaitReady(), "{\"id\":3,\"do\":\"await.ready\"}"),
        arguments(new Request.AwaitEnd(), "{\"id\":3,\"do\":\"await.end\"}"),
        arguments(new Request.Events(true), "{\"id\":3,\"do\":\"events\",\"follow\":true}"),
        arguments(new Request.Events(false), "{\"id\":3,\"do\":\"events\",\"follow\":false}"),
        arguments(
            new Request.StopNode("left"), "{\"id\":3,\"do\":\"node.stop\",\"node\":\"left\"}"),
        arguments(
            new Request.RestartNode("left"),
            "{\"id\":3,\"do\":\"node.restart\",\"node\":\"left\"}"),
        arguments(
            new Request.CopyTo("left", "/tmp/a", "/b"),
            "{\"id\":3,\"do\":\"node.copy.to\",\"node\":\"left\",\"source\":\"/tmp/a\",\"target\":\"/b\"}"),
        arguments(
            new Request.CopyFrom("left", "/b/.", "/tmp/a"),
            "{\"id\":3,\"do\":\"node.copy.from\",\"node\":\"left\",\"source\":\"/b/.\",\"target\":\"/tmp/a\"}"),
        arguments(
            new Request.Pause(List.of("left", "right")),
            "{\"id\":3,\"do\":\"node.pause\",\"nodes\":[\"left\",\"right\"]}"),
        arguments(new Request.Resume(List.of()), "{\"id\":3,\"do\":\"node.resume\",\"nodes\":[]}"),
        arguments(
            new Request.Console("left"), "{\"id\":3,\"do\":\"node.console\",\"node\":\"left\"}"),
        arguments(
            new Request.Window("left", 50, 120),
            "{\"id\":3,\"do\":\"node.window\",\"node\":\"left\",\"rows\":50,\"columns\":120}"),
        arguments(
            new Request.Exec("left", List.of("sh", "-c", "exit 3")),
            "{\"id\":3,\"do\":\"node.exec\",\"node\":\"left\",\"command\":[\"sh\",\"-c\",\"exit 3\"]}"),
        arguments(
            new Request.Exec("left", List.of("vi"), "xterm", 24, 80),
            "{\"id\":3,\"do\":\"node.exec\",\"node\":\"left\",\"command\":[\"vi\"],\"terminal\":\"xterm\",\"rows\":24,\"columns\":80}"),
        arguments(
            new Request.Apply("lab.yaml", "/home/me", List.of("A=b=c"), List.of(), true),
            "{\"id\":3,\"do\":\"apply\",\"name\":\"lab.yaml\",\"directory\":\"/home/me\",\"environment\":[\"A=b=c\"],\"only\":[],\"dry\":true}"),
        arguments(
            new Request.Checkpoint("/tmp/saved", true),
            "{\"id\":3,\"do\":\"checkpoint\",\"directory\":\"/tmp/saved\",\"replace\":true}"),
        arguments(new Request.ListCables(), "{\"id\":3,\"do\":\"cable.list\"}"),
        arguments(
            new Request.CutCable("uplink"), "{\"id\":3,\"do\":\"cable.cut\",\"cable\":\"uplink\"}"),
        arguments(
            new Request.JoinCable("uplink"),
            "{\"id\":3,\"do\":\"cable.join\",\"cable\":\"uplink\"}"),
        arguments(
            new Request.ShapeCable("uplink", List.of("delay=20ms", "loss=1%")),
            "{\"id\":3,\"do\":\"cable.shape\",\"cable\":\"uplink\",\"settings\":[\"delay=20ms\",\"loss=1%\"]}"),
        arguments(
            new Request.CaptureCable("uplink"),
            "{\"id\":3,\"do\":\"cable.capture\",\"cable\":\"uplink\"}"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void requestsAreAsRecorded(Request<?> request, String line) throws Exception {
    assertThat(new String(JsonLines.write(Request.write(3, request)), UTF_8))
        .isEqualTo(line + "\n");
    assertThat(Request.read(JsonLines.read(line.getBytes(UTF_8)))).isEqualTo(request);
  }

  @Test
  void everyRequestIsRecorded() {
    assertThat(requests().<Class<?>>map(it -> it.get()[0].getClass()).distinct())
        .containsExactlyInAnyOrder(Request.class.getPermittedSubclasses());
  }

  static Stream<Arguments> answers() {
    DirectionCounters traffic = new DirectionCounters(10, 1000, 8, 800, 1, 0, 1, 2, 3, 4);
    return Stream.of(
        arguments(
            new TopologyStatus(
                "pair",
                4711,
                SUPERVISOR.since(),
                SUPERVISOR.file(),
                "ready",
                List.of(
                    new NodeStatus(
                        "left",
                        "ready",
                        Optional.of(11_250L),
                        Optional.of(96_100_000L),
                        Optional.of(3_200L),
                        Optional.of(false),
                        List.of(new NodeStatus.Port("tcp", 22, "127.0.0.1", 41877)),
                        "/run/left.console"),
                    new NodeStatus(
                        "right",
                        "waiting",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        "/run/right.console")),
                List.of("office"),
                List.of(
                    new CableStatus(
                        "uplink",
                        "left:eth1",
                        "right:eth1",
                        "cut",
                        List.of("10.64.0.0/31", "fd00::1/64"),
                        List.of(),
                        Optional.of("delay=20ms loss=1%"),
                        Optional.of(traffic),
                        Optional.of(traffic)),
                    new CableStatus(
                        "wire",
                        "left:eth2",
                        "right:eth2",
                        "joined",
                        List.of(),
                        List.of("10.64.0.1/31"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))),
            "{\"name\":\"pair\",\"pid\":4711,\"since\":\"2026-11-23T10:00:00.250Z\",\"file\":\"/home/me/pair ä.yaml\""
                + ",\"state\":\"ready\",\"nodes\":[{\"name\":\"left\",\"state\":\"ready\",\"uptimeMillis\":11250,\"memoryBytes\":96100000,\"cpuMillis\":3200,\"outside\":false"
                + ",\"hostPorts\":[{\"protocol\":\"tcp\",\"guestPort\":22,\"hostAddress\":\"127.0.0.1\",\"hostPort\":41877}],\"consoleLog\":\"/run/left.console\"}"
                + ",{\"name\":\"right\",\"state\":\"waiting\",\"hostPorts\":[],\"consoleLog\":\"/run/right.console\"}"
                + "],\"switches\":[\"office\"],\"cables\":[{\"name\":\"uplink\",\"left\":\"left:eth1\",\"right\":\"right:eth1\",\"state\":\"cut\""
                + ",\"leftAddresses\":[\"10.64.0.0/31\",\"fd00::1/64\"],\"rightAddresses\":[],\"shaping\":\"delay=20ms loss=1%\""
                + ",\"leftToRight\":{\"frames\":10,\"bytes\":1000,\"deliveredFrames\":8,\"deliveredBytes\":800,\"lost\":1,\"queueFull\":0,\"notTaken\":1,\"duplicated\":2,\"corrupted\":3,\"reordered\":4}"
                + ",\"rightToLeft\":{\"frames\":10,\"bytes\":1000,\"deliveredFrames\":8,\"deliveredBytes\":800,\"lost\":1,\"queueFull\":0,\"notTaken\":1,\"duplicated\":2,\"corrupted\":3,\"reordered\":4}}"
                + ",{\"name\":\"wire\",\"left\":\"left:eth2\",\"right\":\"right:eth2\",\"state\":\"joined\",\"leftAddresses\":[],\"rightAddresses\":[\"10.64.0.1/31\"]}]}"),
        arguments(
            new RunEnding(RunEnding.How.OUT_OF_TIME, "not over in its 5 s\nsecond \"line\""),
            "{\"outcome\":\"out-of-time\",\"text\":\"not over in its 5 s\\nsecond \\\"line\\\"\"}"),
        arguments(
            new Event(
                Instant.parse("2026-11-23T10:00:07.100Z"),
                "cable-cut",
                Optional.empty(),
                Optional.of("uplink"),
                "cut"),
            "{\"at\":\"2026-11-23T10:00:07.100Z\",\"event\":\"cable-cut\",\"cable\":\"uplink\",\"text\":\"cut\"}"),
        arguments(
            new Event(
                Instant.parse("2026-11-23T10:00:07.100Z"),
                "node-ready",
                Optional.of("left"),
                Optional.empty(),
                "ready after 1.6 s"),
            "{\"at\":\"2026-11-23T10:00:07.100Z\",\"event\":\"node-ready\",\"node\":\"left\",\"text\":\"ready after 1.6 s\"}"),
        arguments(
            SUPERVISOR,
            "{\"name\":\"pair\",\"pid\":4711,\"since\":\"2026-11-23T10:00:00.250Z\",\"file\":\"/home/me/pair ä.yaml\",\"boots\":false}"),
        arguments(new Request.Done(), "{}"),
        arguments(new Request.Exited(3), "{\"status\":3}"),
        arguments(new Request.Captured(12, 1), "{\"frames\":12,\"dropped\":1}"),
        arguments(new Request.Cables(List.of()), "{\"cables\":[]}"),
        arguments(new Exchange.SendSignal(2), "{\"signal\":2}"),
        arguments(new Exchange.Resize(24, 80), "{\"rows\":24,\"columns\":80}"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void answersAreAsRecorded(Record answer, String line) throws Exception {
    assertThat(new String(JsonLines.write(RecordJson.write(answer)), UTF_8)).isEqualTo(line + "\n");
    assertThat(RecordJson.read(answer.getClass(), JsonLines.read(line.getBytes(UTF_8))))
        .isEqualTo(answer);
  }

  @Test
  void passesOverWhatANewerServerSays() throws Exception {
    byte[] line = "{\"status\":0,\"core\":{\"dumped\":[1.5e3,null,true]}}".getBytes(UTF_8);

    assertThat(RecordJson.read(Request.Exited.class, JsonLines.read(line)).status()).isZero();
    assertThat(new String(JsonLines.write(JsonLines.read(line)), UTF_8))
        .isEqualTo("{\"status\":0,\"core\":{\"dumped\":[1500.0,null,true]}}\n");
  }
}
