package dev.topology.run;

import dev.topology.console.ConsoleRecord;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A run of real guests whose events and consoles a test can look at afterwards. */
final class RecordedRun implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final List<RunEvent> events = new CopyOnWriteArrayList<>();
  private final Map<String, ConsoleRecord> consoles = new ConcurrentHashMap<>();
  private final RunningTopology running;

  private RecordedRun(LaunchPlan plan, int places) {
    running =
        RunningTopology.start(
            plan,
            new RunListener() {
              @Override
              public void opened(ConsoleRecord console) {
                consoles.put(console.node(), console);
              }

              @Override
              public void happened(RunEvent event) {
                events.add(event);
              }
            },
            places);
  }

  static RecordedRun of(Topology topology, Path directory) {
    return of(plan(topology, directory));
  }

  static RecordedRun of(LaunchPlan plan) {
    return new RecordedRun(plan, Runtime.getRuntime().availableProcessors());
  }

  /** A run on a host on which so many guests may boot at once. */
  static RecordedRun of(Topology topology, Path directory, int places) {
    return new RecordedRun(plan(topology, directory), places);
  }

  static LaunchPlan plan(Topology topology, Path directory) {
    try {
      return Planner.plan(topology, TestHost.facts(), new PlanOptions(directory.toAbsolutePath()));
    } catch (PlanException e) {
      throw new IllegalStateException(e);
    }
  }

  RunningTopology running() {
    return running;
  }

  TopologyOutcome outcome() throws InterruptedException {
    return running.awaitOutcome(LIMIT);
  }

  FailureReport failure() throws InterruptedException {
    TopologyOutcome outcome = outcome();
    if (outcome instanceof TopologyOutcome.Failed failed) {
      return failed.report();
    }
    throw new AssertionError("no failure but " + outcome + ", after " + events);
  }

  List<RunEvent> events() {
    return events;
  }

  <E extends RunEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  String console(String node) {
    ConsoleRecord console = consoles.get(node);
    return console == null ? "" : console.text();
  }

  /**
   * The QEMU processes of this run: children of this JVM whose command lines name the topology.
   * Another run of the tests on this host may have topologies of the same names.
   */
  List<ProcessHandle> qemus() {
    String mark = "guest=" + running.topology().name() + ".";
    return ProcessHandle.current()
        .children()
        .filter(process -> process.info().commandLine().orElse("").contains(mark))
        .toList();
  }

  @Override
  public void close() {
    running.close();
  }
}
