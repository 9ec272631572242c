package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.IpAddress;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness;
import dev.topology.model.Readiness.Condition;
import dev.topology.run.RunEvent.NodeReady;
import dev.topology.run.RunEvent.NodeStarted;
import dev.topology.run.node.NodeOutcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go well, with real guests. */
class RunningTopologyTest {

  @TempDir Path directory;

  @Test
  void guestsFindEachOtherOverTheirCable() throws Exception {
    var topology =
        TestNode.pair(
            "found",
            node("left").after("right").runs("ping -c 2 right && echo met $(hostname)"),
            node("right"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.outcome()).isEqualTo(new TopologyOutcome.Done());
      assertThat(run.console("left")).contains("met left");
      assertThat(run.qemus()).isEmpty();
      assertThat(Files.readString(directory.resolve("left.console"))).contains("met left");
    }
  }

  @Test
  void nothingThatAGuestPrintsIsLost() throws Exception {
    var topology = TestNode.topology("counted", node("counter").runs("seq 1 20000"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.outcome()).isEqualTo(new TopologyOutcome.Done());
      assertThat(run.console("counter").lines().filter(line -> line.matches("\\d+")))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 20_000).mapToObj(String::valueOf).toList());
    }
  }

  @Test
  void dependantsRunOnceTheOthersAreReady() throws Exception {
    var topology =
        TestNode.topology(
            "ordered",
            node("last").after("middle").runs("true"),
            node("middle").after("first"),
            node("first"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.outcome()).isEqualTo(new TopologyOutcome.Done());
      assertThat(
              run.events().stream()
                  .filter(event -> event instanceof NodeStarted || event instanceof NodeReady)
                  .map(RunningTopologyTest::brief))
          .containsExactly(
              "start first",
              "ready first",
              "start middle",
              "ready middle",
              "start last",
              "ready last");
    }
  }

  private static String brief(RunEvent event) {
    return event instanceof NodeStarted started
        ? "start " + started.node()
        : "ready " + ((NodeReady) event).node();
  }

  @Test
  void aPortIsReadyOnlyWhenTheGuestAccepts() throws Exception {
    var web =
        node("web")
            .publishes(new PortForward(Protocol.TCP, 80, IpAddress.LOOPBACK, OptionalInt.empty()))
            .readyWhen(new Readiness(Optional.of(new Condition.OpenPort(80)), Optional.empty()))
            .runs("echo hello >/tmp/index.html; sleep 2; httpd -f -p 80 -h /tmp");
    try (RecordedRun run = RecordedRun.of(TestNode.topology("web", web), directory)) {
      run.running().ready().get(10, TimeUnit.MINUTES);
      int port = run.running().hostPorts().get().get(0).hostPort();
      assertThat(get("http://127.0.0.1:" + port + "/index.html")).isEqualTo("hello\n");
    }
  }

  private static String get(String address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .body();
  }

  @Test
  void aConsoleTextMakesReady() throws Exception {
    var topology =
        TestNode.topology(
            "spoken",
            node("speaker")
                .readyWhen(
                    new Readiness(
                        Optional.of(new Condition.ConsoleText(Pattern.compile("^up and \\w+$"))),
                        Optional.empty()))
                .runs("sleep 1; echo up and running; sleep 60"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().ready().get(10, TimeUnit.MINUTES);
      assertThat(run.console("speaker")).contains("up and running");
    }
  }

  @Test
  void aServiceIsStoppedWhenTheTasksAreDone() throws Exception {
    var topology =
        TestNode.topology(
            "served",
            node("service").isService().runs("sleep 600"),
            node("task").after("service").runs("true"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      assertThat(run.outcome()).isEqualTo(new TopologyOutcome.Done());
      assertThat(run.events(RunEvent.NodeEnded.class))
          .extracting(RunEvent.NodeEnded::node, RunEvent.NodeEnded::outcome)
          .containsExactly(
              Tuple.tuple("task", new NodeOutcome.Done()),
              Tuple.tuple("service", new NodeOutcome.Stopped()));
    }
  }

  @Test
  void stoppingLeavesNothing() throws Exception {
    var topology = TestNode.pair("halted", node("halted-left"), node("halted-right"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().hostPorts().get(10, TimeUnit.MINUTES);
      assertThat(run.qemus()).hasSize(2);
      run.running().stop();
      assertThat(run.outcome()).isEqualTo(new TopologyOutcome.Stopped());
      assertThat(run.qemus()).isEmpty();
      assertThat(threadsOf("halted-left")).isEmpty();
    }
  }

  @Test
  void closingLeavesNothingEvenWhereTheThreadIsInterrupted() throws Exception {
    var topology = TestNode.topology("hasty", node("hasty-one"));
    RecordedRun run = RecordedRun.of(topology, directory);
    try {
      run.running().hostPorts().get(10, TimeUnit.MINUTES);
      Thread.currentThread().interrupt();
    } finally {
      run.close();
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(run.qemus()).isEmpty();
    assertThat(run.running().outcome()).contains(new TopologyOutcome.Stopped());
  }

  private static List<String> threadsOf(String node) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.endsWith("-" + node) && !name.startsWith("exit-"))
        .toList();
  }

  @Test
  void aRunIsCutShortWhenItsTimeIsUp() throws Exception {
    var topology = TestNode.topology("late", node("sleeper").runs("sleep 600"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      Duration limit = Duration.ofSeconds(1);
      assertThat(run.running().awaitOutcome(limit)).isEqualTo(new TopologyOutcome.OutOfTime(limit));
      assertThat(run.qemus()).isEmpty();
    }
  }
}
