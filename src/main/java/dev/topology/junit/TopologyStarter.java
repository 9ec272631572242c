package dev.topology.junit;

import dev.topology.model.Topology;
import dev.topology.run.RunningTopology;
import java.io.IOException;
import java.time.Duration;

/**
 * Starts topologies in the course of a test.
 *
 * <p>Handed to a parameter or {@link Injected} field of a test that is annotated with {@link
 * StartsTopologies} or {@link WithTopology}. What it starts lives as long as what it was handed to:
 * until the method is over, or, where a class's {@code @BeforeAll} or constructor was handed it,
 * the class. Closing a topology earlier does no harm. Thread-safe.
 *
 * <p>What {@code start} has started has to stay well: if a node of it fails later on, so does the
 * test that is running, as {@link WithTopology} says. How the nodes fare that {@code launch} has
 * launched is up to the test.
 *
 * <p>Each start blocks: while a guest image that is missing is built, and, but for {@link #launch},
 * until all nodes are ready, for up to three minutes. Where the host cannot run guests, a start
 * skips the test, or fails it, as {@link WithTopology} says.
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
   * @throws dev.topology.language.load.InvalidTopologyException with everything that is wrong with
   *     the file
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

  private Order inFile(String file, String[] environment) {
    return Order.of(new Order.InFile(files.find(file, loader)), environment);
  }

  private static Order given(Topology topology) {
    return Order.of(new Order.Given(topology));
  }

  private LaunchedTopology launch(Order order) throws IOException, InterruptedException {
    return scope.launch(order);
  }

  private RunningTopology ready(LaunchedTopology instance) throws InterruptedException {
    instance.awaitReady(READY_WITHIN);
    scope.keepWell(instance);
    return instance.topology();
  }
}
