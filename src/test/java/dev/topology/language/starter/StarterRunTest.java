package dev.topology.language.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.console.ConsoleRecord;
import dev.topology.image.BuildListener;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files to start from do what they say they do, with real guests. */
class StarterRunTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  @TempDir private Path directory;
  private final Map<String, ConsoleRecord> consoles = new ConcurrentHashMap<>();

  @Test
  void ring() throws Exception {
    assertThat(outcomeOf(Shape.RING, Map.of("nodes", 4))).isEqualTo(new TopologyOutcome.Done());
    assertReached("router-1", "10.64.0.1", "10.64.0.3");
  }

  @Test
  void tree() throws Exception {
    assertThat(outcomeOf(Shape.TREE, Map.of("depth", 1, "fanout", 2)))
        .isEqualTo(new TopologyOutcome.Done());
    assertReached("leaf-1", "10.64.0.0", "10.64.0.3");
  }

  @Test
  void clos() throws Exception {
    assertThat(outcomeOf(Shape.CLOS, Map.of("spines", 1, "leaves", 2)))
        .isEqualTo(new TopologyOutcome.Done());
    assertReached("leaf-1", "10.64.0.0", "10.64.0.3");
  }

  /** That a node traced its way over these hops, and had an answer to each ping. */
  private void assertReached(String from, String... hops) {
    String console = Objects.requireNonNull(consoles.get(from)).text();
    for (int hop = 0; hop < hops.length; hop++) {
      String start = (hop + 1) + "  " + hops[hop];
      assertThat(console.lines()).anyMatch(line -> line.strip().startsWith(start));
    }
    assertThat(console).contains("3 packets transmitted, 3 packets received");
  }

  private TopologyOutcome outcomeOf(Shape shape, Map<String, Integer> sizes) throws Exception {
    String text = StarterFile.text(shape, "starter-" + shape, sizes, "starter.yaml");
    Path file = Files.writeString(directory.resolve("starter.yaml"), text);
    Launcher launcher =
        new Launcher(
            new UserDirectories(
                System.getenv(),
                Path.of("").toAbsolutePath(),
                TestHost.cache(),
                directory.resolve("run")));
    try (Launch launch =
        Launch.start(
            launcher.prepare(launcher.load(file).orElseThrow(), new BuildListener() {}).plan(),
            new RunListener() {
              @Override
              public void opened(ConsoleRecord console) {
                consoles.put(console.node(), console);
              }
            })) {
      return launch.topology().awaitOutcome(LIMIT);
    }
  }
}
