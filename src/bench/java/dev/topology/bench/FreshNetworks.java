package dev.topology.bench;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.topology.junit.NodeNamed;
import dev.topology.junit.WithTopology;
import dev.topology.run.RunningNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Test classes each of whose methods has a network of two nodes for itself. */
public final class FreshNetworks {

  private static final int METHODS = 20;
  private static final String FILE = "target/bench/fresh.yaml";
  private static final int ROUNDS = 3;

  private FreshNetworks() {}

  static List<Row> measure() throws Exception {
    Path file = GeneratedTopology.star(Path.of("target", "bench"), "bench-fresh", 2);
    Files.move(file, Path.of(FILE), StandardCopyOption.REPLACE_EXISTING);
    Samples restored = new Samples();
    Samples started = new Samples();
    for (int i = -1; i < ROUNDS; i++) {
      run(Restored.class, i < 0 ? new Samples() : restored);
      run(Started.class, i < 0 ? new Samples() : started);
    }
    return List.of(
        new Row(
            "one of "
                + METHODS
                + " test methods that each have a fresh network of two nodes: restored, and cloned",
            "400 ms",
            restored + " and " + started));
  }

  /** Adds how long each method took from the end of the one before it. */
  private static void run(Class<?> testClass, Samples samples) {
    List<TestExecutionResult> failed = new ArrayList<>();
    TestExecutionListener listener =
        new TestExecutionListener() {
          private long last;

          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (!test.isTest()) {
              return;
            }
            if (last != 0) {
              samples.addSince(last);
            }
            last = System.nanoTime();
            result.getThrowable().ifPresent(it -> failed.add(result));
          }
        };
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectClass(testClass)).build(),
            listener);
    if (!failed.isEmpty()) {
      throw new IllegalStateException(testClass + " did not pass: " + failed.get(0));
    }
  }

  private static void ping(RunningNode node) throws InterruptedException {
    node.shell().run("ping -c 1 n2").expectSuccess();
  }

  /** Each has the network that was saved. */
  @WithTopology(value = FILE, fresh = true)
  public static class Restored {

    @RepeatedTest(METHODS)
    void reachesItsNeighbour(@NodeNamed("n1") RunningNode node) throws InterruptedException {
      ping(node);
    }
  }

  /** Each has a new one. */
  public static class Started {

    @WithTopology(FILE)
    @RepeatedTest(METHODS)
    void reachesItsNeighbour(@NodeNamed("n1") RunningNode node) throws InterruptedException {
      ping(node);
    }
  }
}
