package dev.topology.suite;

import dev.topology.console.GuestText;
import dev.topology.model.TestStep.RunCommand;
import dev.topology.run.RunningNode;
import dev.topology.run.exec.CommandResult;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.suite.TestResult.Finding;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the command of a step, once or again and again. Used by one thread. */
final class CommandStep {

  /** Ends what hangs, and is no expectation. */
  static final Duration LIMIT_OF_ONE = Duration.ofMinutes(1);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration SHORTEST_ATTEMPT = Duration.ofSeconds(1);

  /** Waits between two attempts; throws when there is no more sense in another. */
  interface Waiting {
    void pause(Duration time) throws StepFailure, InterruptedException;
  }

  /** How an attempt failed: in a clause, and what it wrote, if it ended. */
  private record Attempt(String how, Optional<CommandResult> result) {}

  private final RunCommand step;
  private final RunningNode node;

  CommandStep(RunCommand step, RunningNode node) {
    this.step = step;
    this.node = node;
  }

  /** Returns when it has succeeded. */
  void perform(Waiting waiting) throws StepFailure, InterruptedException {
    if (step.within().isEmpty()) {
      Optional<Attempt> failed = attempt(LIMIT_OF_ONE);
      if (failed.isPresent()) {
        throw failure(failed.get(), "");
      }
      return;
    }
    long begin = System.nanoTime();
    Duration within = step.within().get();
    Duration left = within;
    Optional<Attempt> last = Optional.empty();
    for (int count = 1; ; count++) {
      Optional<Attempt> failed = attempt(share(left));
      if (failed.isEmpty()) {
        return;
      }
      // What one wrote that has ended says more than that another has not.
      last = last.filter(it -> failed.get().result().isEmpty()).or(() -> failed);
      left = within.minusNanos(System.nanoTime() - begin);
      if (left.compareTo(PAUSE) <= 0) {
        String tries =
            " (%s in %s)".formatted(HumanText.count(count, "attempt"), HumanText.duration(within));
        throw failure(last.orElseThrow(), tries);
      }
      waiting.pause(PAUSE);
      left = left.minus(PAUSE);
    }
  }

  /** Half of the time that is left: an attempt that hangs leaves some for another. */
  private static Duration share(Duration left) {
    Duration half = left.dividedBy(2);
    return half.compareTo(SHORTEST_ATTEMPT) < 0 ? left : half;
  }

  /** Runs it once, and says how it failed, if it did. */
  private Optional<Attempt> attempt(Duration limit) throws InterruptedException {
    try {
      CommandResult result = node.shell().run(String.join("\n", step.command().script()), limit);
      return failure(result).map(it -> new Attempt(it, Optional.of(result)));
    } catch (OutOfTimeException e) {
      return Optional.of(
          new Attempt(
              "had not ended after " + HumanText.duration(limit) + " and was killed",
              Optional.empty()));
    } catch (GuestAgentException e) {
      return Optional.of(new Attempt("failed: " + e.getMessage(), Optional.empty()));
    }
  }

  private Optional<String> failure(CommandResult result) {
    if (result.status() != step.status()) {
      return Optional.of("ended with status " + result.status() + ", not " + step.status());
    }
    if (step.expect().isEmpty()) {
      return Optional.empty();
    }
    return switch (Finder.find(step.expect().get(), written(result))) {
      case FOUND -> Optional.empty();
      case ABSENT -> Optional.of("wrote nothing that matches what is expected");
      case TOO_COSTLY -> Optional.of("wrote what the expression takes too long to search");
    };
  }

  /** Both outputs, of which one is usually empty. */
  private static String written(CommandResult result) {
    return result.errors().isEmpty()
        ? result.output()
        : result.output().isEmpty() ? result.errors() : result.output() + "\n" + result.errors();
  }

  private StepFailure failure(Attempt attempt, String tries) {
    List<Finding> findings = new ArrayList<>();
    step.expect().ifPresent(it -> findings.add(Finding.of("expected in its output", it.pattern())));
    attempt
        .result()
        .ifPresent(
            it -> {
              GuestText seen = GuestText.lines(written(it));
              findings.add(
                  new Finding("its output", seen.isBlank() ? List.of("(nothing)") : seen.lines()));
            });
    String command = GuestText.line(step.command().summary()).toString();
    return new StepFailure(
        "\"%s\" on %s %s%s".formatted(command, step.node(), attempt.how(), tries),
        Optional.of(step.node()),
        findings);
  }
}
