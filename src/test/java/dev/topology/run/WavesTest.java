package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Readiness;
import dev.topology.model.Readiness.Condition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests boot a few at a time, on a host that has a place for one. */
class WavesTest {

  @TempDir Path directory;

  @Test
  void aGuestBootsWhenTheOneBeforeItHasSpoken() throws Exception {
    var topology = TestNode.topology("queue", node("a"), node("b"), node("c").after("a"));
    try (RecordedRun run = RecordedRun.of(topology, directory, 1)) {
      run.running().awaitReady();
      List<String> events =
          run.events().stream()
              .filter(it -> it instanceof RunEvent.NodeStarted || it instanceof RunEvent.NodeReady)
              .map(RunEvent::toString)
              .toList();
      assertThat(events).first().asString().contains("NodeStarted[node=a");
      assertThat(indexOf(events, "NodeReady[node=a"))
          .isLessThan(indexOf(events, "NodeStarted[node=c"));
    }
  }

  private static int indexOf(List<String> events, String start) {
    return events.indexOf(events.stream().filter(it -> it.startsWith(start)).findFirst().get());
  }

  @Test
  void nodesThatAreReadyOnlyWithEachOtherAllGetAPlace() throws Exception {
    var topology = TestNode.pair("mutual", waitsFor("left", "right"), waitsFor("right", "left"));
    try (RecordedRun run = RecordedRun.of(topology, directory, 1)) {
      run.running().awaitReady();
      assertThat(run.events(RunEvent.NodeReady.class)).hasSize(2);
    }
  }

  private static TestNode waitsFor(String name, String peer) {
    var met = new Condition.ConsoleText(Pattern.compile("met " + peer));
    return node(name)
        .runs("until ping -c 1 -W 1 " + peer + "; do :; done; echo met " + peer + "; sleep 600")
        .readyWhen(new Readiness(Optional.of(met), Optional.of(Duration.ofMinutes(10))));
  }
}
