package dev.topology.run;

import dev.topology.model.Node;
import dev.topology.model.Node.OnExit;
import dev.topology.model.Topology;
import dev.topology.run.node.RunException;
import dev.topology.text.HumanText;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** How a run ended. By then no process of it is left. */
public sealed interface TopologyOutcome {

  /** Every task ended in success. */
  record Done() implements TopologyOutcome {

    /**
     * The tasks: the nodes that have to end in success, in the order of the file.
     *
     * <p>A node with {@code on_exit: fail} is a service. Of the others, those with a {@code
     * command} are the tasks; where no node has one, all of them are. A topology of services alone
     * has no task and runs until it is stopped.
     *
     * <p>Of a node that is restarted only the current run counts: a task that had ended in success
     * has to do so again. One that was stopped keeps the run going until it is restarted and does.
     */
    public static List<String> tasks(Topology topology) {
      List<Node> candidates =
          topology.nodes().stream().filter(node -> node.onExit() == OnExit.DONE).toList();
      Predicate<Node> hasCommand = node -> node.command().isPresent();
      boolean anyCommand = candidates.stream().anyMatch(hasCommand);
      return candidates.stream()
          .filter(anyCommand ? hasCommand : node -> true)
          .map(Node::name)
          .toList();
    }
  }

  /** A node failed, and everything was stopped. */
  record Failed(FailureReport report) implements TopologyOutcome {}

  /** Somebody asked it to stop. */
  record Stopped() implements TopologyOutcome {}

  /**
   * Something that a run needs has gone, so everything was ended while that was possible: the
   * process that ends every QEMU if this one dies, or the directory through which others reach the
   * run.
   *
   * @param reason one clause
   */
  record Unguarded(String reason) implements TopologyOutcome {}

  /** It was not over in the time it was given. */
  record OutOfTime(Duration limit) implements TopologyOutcome {}

  /**
   * A run ended before what was waited for had happened. If a node failed, the message is {@link
   * FailureReport#describe}.
   */
  final class RunEndedException extends RunException {

    private static final long serialVersionUID = 1L;

    private final transient TopologyOutcome outcome;

    RunEndedException(TopologyOutcome outcome) {
      super(message(outcome), null);
      this.outcome = outcome;
    }

    private static String message(TopologyOutcome outcome) {
      if (outcome instanceof TopologyOutcome.Failed failed) {
        return failed.report().describe();
      }
      if (outcome instanceof TopologyOutcome.OutOfTime late) {
        return "the run was not over after " + HumanText.duration(late.limit()) + ", and was ended";
      }
      if (outcome instanceof TopologyOutcome.Unguarded unguarded) {
        return "the run was ended: " + unguarded.reason();
      }
      return outcome instanceof TopologyOutcome.Done
          ? "the run was over before: every task had ended in success"
          : "the run was stopped before";
    }

    @Override
    public RunEndedException again() {
      return new RunEndedException(outcome);
    }

    /** How it ended. */
    public TopologyOutcome outcome() {
      return outcome;
    }
  }
}
