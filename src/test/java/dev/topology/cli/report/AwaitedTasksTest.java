package dev.topology.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.report.RunDisplay.AwaitedTasks;
import dev.topology.language.load.HostFiles;
import dev.topology.language.load.HostLimits;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.run.RunEvent;
import dev.topology.run.node.NodeOutcome;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AwaitedTasksTest {

  @Test
  void namesTheCommandThatMayBeAService() {
    var awaited = of("{server: {command: nc -l}, client: {command: 'true'}}");
    assertThat(awaited.describe()).isEmpty();
    ready(awaited, "server", "client");
    assertThat(awaited.describe()).as("both may be tests that take long").isEmpty();
    done(awaited, "client");
    assertThat(awaited.describe())
        .contains(
            "waiting for server, whose command has not ended. Is it a service? Then say"
                + " \"on_exit: fail\"");
  }

  @Test
  void saysThatNothingIsToBeDone() {
    var shells = of("{a: {}, b: {}}");
    ready(shells, "a");
    assertThat(shells.describe()).isEmpty();
    ready(shells, "b");
    assertThat(shells.describe()).contains("every node is ready, and runs until it is stopped");
    shells.note(new RunEvent.NodeRestarted("a"));
    assertThat(shells.describe()).isEmpty();

    var services = of("{a: {on_exit: fail, command: nc -l}}");
    ready(services, "a");
    assertThat(services.describe()).isPresent();
  }

  private static AwaitedTasks of(String nodes) {
    SourceText text = new SourceText("lab.yaml", "nodes: " + nodes + "\n");
    LoadResult result =
        new TopologyLoader()
            .load(
                new LoadRequest(
                    text, Path.of("/lab"), Map.of(), HostFiles.ASSUMED, HostLimits.UNKNOWN));
    return new AwaitedTasks(((LoadResult.Loaded) result).topology());
  }

  private static void ready(AwaitedTasks awaited, String... nodes) {
    for (String node : nodes) {
      awaited.note(new RunEvent.NodeReady(node, Duration.ofSeconds(1)));
    }
  }

  private static void done(AwaitedTasks awaited, String node) {
    awaited.note(new RunEvent.NodeEnded(node, new NodeOutcome.Done(), Duration.ofSeconds(2)));
  }
}
