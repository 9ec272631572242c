package dev.topology.run;

import dev.topology.console.GuestText;
import dev.topology.posix.ExitStatus;
import dev.topology.run.node.FailureCause;
import dev.topology.run.node.NodeOutcome;
import dev.topology.run.node.NodeProgress;
import java.util.Optional;
import java.util.function.Function;

/**
 * Settles how each node ended, and whether that is the end of the run: the first failure is, and so
 * is the last task's success.
 */
final class Judge {

  private final Roster roster;
  private final CompletionRule rule;
  private final Teardown teardown;
  private final EventLog events;
  private final Function<String, GuestText> stderr;

  /**
   * @param stderr what a node's QEMU wrote to its standard error
   */
  Judge(
      Roster roster,
      CompletionRule rule,
      Teardown teardown,
      EventLog events,
      Function<String, GuestText> stderr) {
    this.stderr = stderr;
    this.roster = roster;
    this.rule = rule;
    this.teardown = teardown;
    this.events = events;
  }

  /** Its guest has said how its command ended, and was given the time to power off. */
  void commandEnded(NodeProgress node) {
    if (!node.hasEnded()) {
      settle(node, Verdict.ofCommand(node));
    }
  }

  /**
   * Its QEMU ended; unless it was known before, that tells how the node did.
   *
   * @return whether it has rebooted, and is to be booted again
   */
  boolean exited(NodeProgress node, ExitStatus status) {
    if (node.hasEnded()) {
      return false;
    }
    NodeOutcome outcome = Verdict.ofExit(node, status, stderr.apply(node.name()));
    settle(node, outcome);
    return outcome instanceof NodeOutcome.Rebooted;
  }

  /** It failed, unless it has ended before, or has said how it ends. */
  void failed(NodeProgress node, FailureCause cause) {
    if (!node.hasEnded() && node.commandStatus().isEmpty()) {
      settle(node, new NodeOutcome.Failed(cause));
    }
  }

  /** Somebody has it stopped: the run goes on without it. */
  void stopped(NodeProgress node) {
    if (node.commandStatus().isPresent()) {
      commandEnded(node);
    } else {
      end(node, new NodeOutcome.Stopped());
    }
  }

  /** A node has ended by itself: the run goes on, is over, or has failed. */
  private void settle(NodeProgress node, NodeOutcome outcome) {
    end(node, outcome);
    if (outcome instanceof NodeOutcome.Failed) {
      teardown.begin(new Ending(Optional.of(node), Optional.empty()));
    } else if (rule.isReached(this::isDone)) {
      teardown.begin(new Ending(Optional.empty(), Optional.of(new TopologyOutcome.Done())));
    }
  }

  private void end(NodeProgress node, NodeOutcome outcome) {
    node.end(outcome);
    events.add(new RunEvent.NodeEnded(node.name(), outcome, node.elapsed()));
  }

  private boolean isDone(String name) {
    return roster.of(name).outcome().filter(NodeOutcome.Done.class::isInstance).isPresent();
  }
}
