package dev.topology.suite;

import dev.topology.control.Instances;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.Planner.PlanException;
import dev.topology.run.RunEvent;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network that one test has for itself: that of its file, under a name of its own. Closing it
 * leaves nothing behind. Thread-safe.
 */
public final class TestNetwork implements AutoCloseable {

  /** DNS labels have 63 characters at most; the number has room for five digits. */
  private static final int LONGEST_BASE = 52;

  private final Launch launch;
  private final Failures failures;

  private TestNetwork(Launch launch, Failures failures) {
    this.launch = launch;
    this.failures = failures;
  }

  /** Notes the failure of a node at once: the end of the run follows. */
  private static final class Failures implements RunListener {

    private volatile boolean hasFailed;

    @Override
    public void happened(RunEvent event) {
      hasFailed |=
          event instanceof RunEvent.NodeEnded ended
              && ended.outcome() instanceof NodeOutcome.Failed;
    }
  }

  /** The names of networks, which no two have at a time, also not those of other processes. */
  static final class Names {

    private final AtomicInteger last = new AtomicInteger();

    /** The topology under the next name: {@code lab-test-3}. */
    Topology next(Topology topology) {
      String base = topology.name();
      String cut = base.substring(0, Math.min(base.length(), LONGEST_BASE));
      return topology.named(cut + "-test-" + last.incrementAndGet());
    }
  }

  /**
   * Starts one. Returns as soon as it is begun.
   *
   * @throws LaunchException if the host lets no part of it start
   */
  static TestNetwork start(Preparation prepared, Names names) throws PlanException {
    Path runtime = Objects.requireNonNull(prepared.options().runDirectory().getParent());
    while (true) {
      Topology topology = names.next(prepared.topology());
      Path directory = runtime.resolve(topology.name());
      Preparation own =
          new Preparation(
              topology,
              prepared.facts(),
              prepared.options().in(directory),
              prepared.missingImages());
      Failures failures = new Failures();
      try {
        Launch launch = Launch.start(own.plan(), failures);
        launch.discardFiles();
        return new TestNetwork(launch, failures);
      } catch (LaunchException e) {
        if (!isTaken(runtime, topology.name())) {
          throw e;
        }
      }
    }
  }

  private static boolean isTaken(Path runtime, String name) {
    try {
      return new Instances(runtime).named(name).filter(it -> it.isRunning()).isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  /** Its name. */
  public String name() {
    return topology().topology().name();
  }

  /** What runs. */
  public RunningTopology topology() {
    return launch.topology();
  }

  /** The same, with its run directory. */
  public Launch launch() {
    return launch;
  }

  /**
   * How it ended, where it has ended or is about to, since a node has failed: waits for that end.
   * Empty while it runs.
   */
  Optional<TopologyOutcome> end() throws InterruptedException {
    return failures.hasFailed ? Optional.of(topology().awaitOutcome()) : topology().outcome();
  }

  @Override
  public void close() {
    launch.close();
  }
}
