package dev.topology.suite;

import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Mark;
import dev.topology.model.Shaping;
import dev.topology.model.TestStep;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.cable.Capture;
import dev.topology.run.node.Console;
import dev.topology.run.node.RunException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.suite.TestResult.Finding;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries out the steps of one test, one after the other, on its network. Closing it ends the
 * captures that they began. Used by one thread.
 */
final class StepRun implements AutoCloseable {

  private final RunningTopology network;
  private final Deque<Capture> captures = new ArrayDeque<>();

  /** Where the last step ended that waited for something on a console. */
  private final Map<String, Mark> seen = new HashMap<>();

  StepRun(RunningTopology network) {
    this.network = network;
  }

  /**
   * Carries one out. Returns when it has succeeded.
   *
   * @throws StepFailure if it has not
   * @throws RunException if its node or the network has ended
   */
  void perform(TestStep step) throws StepFailure, InterruptedException {
    if (step instanceof TestStep.RunCommand run) {
      new CommandStep(run, network.node(run.node())).perform(this::pause);
    } else if (step instanceof TestStep.UseConsole use) {
      useConsole(use);
    } else if (step instanceof TestStep.PlugCable plug) {
      plug(network.cable(plug.cable()), plug.isCut());
    } else if (step instanceof TestStep.ShapeCable shape) {
      shape(shape);
    } else if (step instanceof TestStep.ControlNode control) {
      control(control.action(), network.node(control.node()));
    } else if (step instanceof TestStep.Pause pause) {
      pause(pause.time());
    } else if (step instanceof TestStep.CaptureCable capture) {
      capture(capture);
    }
  }

  private void useConsole(TestStep.UseConsole use) throws StepFailure, InterruptedException {
    Console console = network.node(use.node()).console();
    Mark from = seen.getOrDefault(use.node(), Mark.START);
    if (use.send().isPresent()) {
      from = console.mark();
      console.sendLine(use.send().get());
    }
    if (use.expect().isEmpty()) {
      return;
    }
    Duration limit = use.within().orElse(CommandStep.LIMIT_OF_ONE);
    try {
      seen.put(use.node(), console.from(from).expect(use.expect().get(), limit).end());
    } catch (ExpectationException e) {
      String why =
          switch (e.reason()) {
            case OUT_OF_TIME -> "did not say it within " + HumanText.duration(limit);
            case ENDED -> "ended before it said it";
            case FORGOTTEN -> "has said too much since the last step";
            case TOO_COSTLY -> "said what the expression takes too long to search";
          };
      throw new StepFailure(
          "the console of " + use.node() + " " + why,
          Optional.of(use.node()),
          List.of(Finding.of("expected on it", use.expect().get().pattern())));
    }
  }

  private static void plug(RunningCable cable, boolean isCut) throws InterruptedException {
    if (isCut) {
      cable.cut();
    } else {
      cable.join();
    }
  }

  private void shape(TestStep.ShapeCable shape) throws StepFailure {
    RunningCable cable = network.cable(shape.cable());
    try {
      cable.shape(shape.applyTo(cable.shaping().orElse(Shaping.NONE)));
    } catch (IllegalArgumentException contradiction) {
      throw new StepFailure(
          "cable " + cable.name() + " cannot be shaped like that: " + contradiction.getMessage(),
          Optional.empty(),
          List.of());
    }
  }

  private static void control(TestStep.ControlNode.Action action, RunningNode node)
      throws StepFailure, InterruptedException {
    try {
      switch (action) {
        case STOP -> node.stop();
        case START -> {
          if (node.outcome().isPresent()) {
            node.restart();
          }
          node.awaitReady();
        }
        case RESTART -> {
          node.restart();
          node.awaitReady();
        }
        case PAUSE -> node.pause();
        case RESUME -> node.resume();
      }
    } catch (OutOfTimeException late) {
      throw new StepFailure(firstLine(late), Optional.of(node.name()), List.of());
    }
  }

  private void capture(TestStep.CaptureCable capture) throws StepFailure, InterruptedException {
    try {
      captures.push(network.cable(capture.cable()).capture(capture.file()));
    } catch (IOException e) {
      throw new StepFailure(
          "cable %s cannot be captured into %s: %s"
              .formatted(capture.cable(), capture.file(), e.getMessage()),
          Optional.empty(),
          List.of());
    }
  }

  /** Waits, unless the network ends meanwhile. */
  private void pause(Duration time) throws InterruptedException {
    try {
      network.over().get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException stillRuns) {
      // As it should.
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run broke off by a fault of its own", e.getCause());
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    captures.forEach(Capture::close);
  }
}
