package dev.topology.junit;

import dev.topology.model.Topology;
import dev.topology.run.RunningTopology;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Starts topologies in the course of a test.
 *
 * <p>Handed to a parameter or {@link Injected} field of a test that is annotated with {@link
 * StartsTopologies} or {@link WithTopology}. What it starts is closed after the method; if it was
 * handed to a {@code @BeforeAll} method or a constructor, after the class. A test may close a
 * topology earlier. Thread-safe.
 *
 * <p>If a node of a topology that {@code start} started fails later, the test that is running
 * fails, as {@link WithTopology} says. Nodes that {@code launch} launched may fail; the test judges
 * that.
 *
 * <p>Each call blocks while a missing guest image is built. {@code start} also blocks until all
 * nodes are ready, for up to three minutes. Where the host cannot run guests, a start skips the
 * test, or fails it, as {@link WithTopology} says.
 */
public final class TopologyStarter {

  private static final Duration READY_WITHIN = Duration.ofMinutes(3);

  private final TestScope scope;
  private final TopologyFiles files;
  private final ClassLoader loader;

  TopologyStarter(TestScope scope, TopologyFiles files, ClassLoader loader) {
    this.scope = scope;
    this.files = files;
    this.loader = loader;
  }

  /**
   * Starts a file and waits until all nodes are ready.
   *
   * @param file as {@link WithTopology#value} describes
   * @param environment as {@link WithTopology#environment} describes
   * @throws TopologyFailedException at once if a node fails, or if they take too long
   * @throws dev.topology.language.load.LoadResult.InvalidTopologyException with everything that is
   *     wrong with the file
   */
  public RunningTopology start(String file, String... environment)
      throws IOException, InterruptedException {
    return ready(launch(inFile(file, environment)));
  }

  /**
   * Starts a topology and waits until all nodes are ready.
   *
   * @throws TopologyFailedException at once if a node fails, or if they take too long
   */
  public RunningTopology start(Topology topology) throws IOException, InterruptedException {
    return ready(launch(given(topology)));
  }

  /** Starts a file and returns as soon as it was launched. */
  public RunningTopology launch(String file, String... environment)
      throws IOException, InterruptedException {
    return launch(inFile(file, environment)).topology();
  }

  /** Starts a topology and returns as soon as it was launched. */
  public RunningTopology launch(Topology topology) throws IOException, InterruptedException {
    return launch(given(topology)).topology();
  }

  /**
   * The {@code tests} that a file holds, as dynamic tests of their names and places, each on a
   * network of its own. For a factory:
   *
   * <pre>{@code
   * @TestFactory
   * Stream<DynamicTest> keepsItsPromises(TopologyStarter starter) throws Exception {
   *   return starter.tests("topologies/ospf.yaml");
   * }
   * }</pre>
   *
   * <p>Blocks while a missing guest image is built, and starts nothing: a network is started by its
   * test, which fails with the step that failed. Guest images that the file needs beside the
   * built-in one have to be there.
   *
   * @param file as {@link WithTopology#value} describes
   * @param environment as {@link WithTopology#environment} describes
   * @throws dev.topology.language.load.LoadResult.InvalidTopologyException with everything that is
   *     wrong with the file
   */
  public Stream<DynamicTest> tests(String file, String... environment)
      throws IOException, InterruptedException {
    return new FileTests(files.find(file, loader), scope.prepare(inFile(file, environment)))
        .stream();
  }

  private TopologySpec inFile(String file, String[] environment) {
    return TopologySpec.of(new TopologySpec.InFile(files.find(file, loader)), environment);
  }

  private static TopologySpec given(Topology topology) {
    return TopologySpec.of(new TopologySpec.Given(topology));
  }

  private LaunchedTopology launch(TopologySpec spec) throws IOException, InterruptedException {
    return scope.launch(spec);
  }

  private RunningTopology ready(LaunchedTopology instance) throws InterruptedException {
    instance.awaitReady(READY_WITHIN);
    scope.mustNotFail(instance);
    return instance.topology();
  }
}
