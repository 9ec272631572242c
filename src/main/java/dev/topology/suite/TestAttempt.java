package dev.topology.suite;

import dev.topology.model.TestStep;
import dev.topology.plan.Planner.PlanException;
import dev.topology.run.FailureReport;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.RunException;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.source.Location;
import dev.topology.suite.TestResult.Failed;
import dev.topology.suite.TestResult.Finding;
import dev.topology.suite.TestResult.Outcome;
import dev.topology.suite.TestResult.Passed;
import dev.topology.suite.TestResult.Stopped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of a test: its network is started, its steps are carried out, its network ends. */
final class TestAttempt {

  private static final int CONSOLE_LINES = 15;

  private final TestJob job;
  private final TestNetwork.Names names;
  private final TestListener listener;
  private final long beganNanos = System.nanoTime();

  /** Guarded by this, as is the other. */
  private @Nullable TestNetwork network;

  private boolean isStopped;

  /** Where it is: at the step that is carried out, or was last. */
  private Location place;

  TestAttempt(TestJob job, TestNetwork.Names names, TestListener listener) {
    this.job = job;
    this.names = names;
    this.listener = listener;
    this.place = job.test().location();
  }

  /** Breaks it off, soon; returns at once. May be called by any thread, at any time. */
  synchronized void stop() {
    isStopped = true;
    if (network != null) {
      network.topology().stop();
    }
  }

  private synchronized boolean isStopped() {
    return isStopped;
  }

  private synchronized void has(TestNetwork started) {
    network = started;
    if (isStopped) {
      started.topology().stop();
    }
  }

  /** Does it all. Nothing of the network is left when it returns. */
  TestResult run() throws InterruptedException {
    if (isStopped()) {
      return result("", new Stopped());
    }
    listener.began(job);
    try (TestNetwork own = TestNetwork.start(job.file().preparation(), names)) {
      has(own);
      TestResult result = result(own.name(), perform(own));
      if (result.isFailure()) {
        listener.failed(result, own);
      }
      return result;
    } catch (LaunchException e) {
      return result("", failed("no network could be started: " + e.what() + "; " + e.remedy()));
    } catch (PlanException e) {
      return result("", failed("no network could be started: " + e.getMessage()));
    }
  }

  private TestResult result(String name, Outcome outcome) {
    return new TestResult(job, name, Duration.ofNanos(System.nanoTime() - beganNanos), outcome);
  }

  private Failed failed(String message) {
    return new Failed(place, message, List.of());
  }

  private Outcome perform(TestNetwork own) throws InterruptedException {
    try (StepRun steps = new StepRun(own.topology())) {
      own.topology().awaitReady();
      for (TestStep step : job.test().steps()) {
        Optional<TopologyOutcome> end = own.end();
        place = step.location();
        if (end.isPresent()) {
          return ended(end.get());
        }
        listener.step(job, step);
        steps.perform(step);
      }
      return own.end()
          .filter(it -> !(it instanceof TopologyOutcome.Done))
          .map(this::ended)
          .orElseGet(Passed::new);
    } catch (StepFailure e) {
      Optional<TopologyOutcome> end = own.end();
      return end.isPresent() ? ended(end.get()) : failed(e, own);
    } catch (RunException | OutOfTimeException e) {
      Optional<TopologyOutcome> end = own.end();
      return end.isPresent() ? ended(end.get()) : broken(e);
    }
  }

  private Failed failed(StepFailure failure, TestNetwork own) {
    List<Finding> findings = new ArrayList<>(failure.findings());
    failure
        .node()
        .map(it -> new Finding("the end of the console of " + it, console(own, it)))
        .filter(it -> !it.lines().isEmpty())
        .ifPresent(findings::add);
    return new Failed(place, String.valueOf(failure.getMessage()), findings);
  }

  private static List<String> console(TestNetwork own, String node) {
    return own.topology().node(node).console().tail(CONSOLE_LINES);
  }

  /** A node that a step needs has ended, or does not do it. */
  private Failed broken(RuntimeException e) {
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    String rest = lines.stream().skip(1).collect(Collectors.joining("\n"));
    return new Failed(
        place,
        lines.isEmpty() ? "" : lines.get(0),
        rest.isBlank() ? List.of() : List.of(Finding.of("what is known of it", rest)));
  }

  /** The network has ended before the steps were done. */
  private Outcome ended(TopologyOutcome end) {
    if (isStopped()) {
      return new Stopped();
    }
    if (end instanceof TopologyOutcome.Failed failed) {
      return new Failed(place, failed.report().headline(), findings(failed.report()));
    }
    if (end instanceof TopologyOutcome.Unguarded unguarded) {
      return failed("the network was ended: " + unguarded.reason());
    }
    return failed(
        end instanceof TopologyOutcome.Done
            ? "the network was done before this step: every task had ended in success"
            : "the network was stopped before this step");
  }

  private static List<Finding> findings(FailureReport report) {
    List<Finding> findings = new ArrayList<>();
    report
        .cause()
        .remedy()
        .ifPresent(it -> findings.add(Finding.of("what can be done about it", it)));
    findings.add(new Finding("the end of the console of " + report.node(), report.consoleTail()));
    findings.add(new Finding("what its kernel said", report.kernelTail()));
    if (!report.cause().describe().contains(report.stderr().toString())) {
      findings.add(new Finding("what its QEMU said", report.stderr().lines()));
    }
    findings.removeIf(it -> it.lines().isEmpty());
    return findings;
  }
}
