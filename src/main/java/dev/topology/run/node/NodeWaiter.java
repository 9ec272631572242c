package dev.topology.run.node;

import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits for something that a node is to do: until it is done, the time is up, or the node is gone,
 * whichever comes first. Says in the two other cases what was waited for, and what the node's
 * console showed last.
 */
public final class NodeWaiter {

  /** How long the outcome of a node that hung up may take to be known; usually milliseconds. */
  private static final Duration JUDGEMENT = Duration.ofSeconds(3);

  private final NodeRun node;
  private final Supplier<List<String>> consoleTail;
  private final Supplier<Optional<String>> firstFailure;

  /**
   * @param consoleTail the last lines of the node's console
   * @param firstFailure what ended the whole run, if something has: {@code "left" failed: …}
   */
  public NodeWaiter(
      NodeRun node, Supplier<List<String>> consoleTail, Supplier<Optional<String>> firstFailure) {
    this.node = node;
    this.consoleTail = consoleTail;
    this.firstFailure = firstFailure;
  }

  /** The node's name. */
  public String name() {
    return node.name();
  }

  /** Completes once the node is ready. */
  public CompletableFuture<Void> ready() {
    return node.ready();
  }

  /** Completes when the node is gone. */
  public CompletableFuture<NodeOutcome> gone() {
    return node.gone();
  }

  /** The host's ends of what leads to the node. */
  public NodePorts ports() {
    return node.ports();
  }

  /**
   * Waits for an answer.
   *
   * @param what what is waited for, a clause as in "left ended before WHAT"
   * @throws NodeEndedException if the node is gone before
   * @throws OutOfTimeException if the time is up before
   */
  public <T> T await(CompletableFuture<T> answer, Deadline deadline, String what)
      throws InterruptedException {
    try {
      CompletableFuture.anyOf(answer, node.gone())
          .get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      if (answer.isDone()) {
        return answer.get();
      }
    } catch (TimeoutException e) {
      throw outOfTime(deadline, what);
    } catch (ExecutionException e) {
      throw failed(Objects.requireNonNullElse(e.getCause(), e), what);
    }
    throw ended(what);
  }

  /** When QEMU dies, a socket that breaks off is often the first sign of it. */
  private RuntimeException failed(Throwable cause, String what) throws InterruptedException {
    if (cause instanceof NodeEndedException) {
      return ended(what);
    }
    if (cause instanceof RunException failure) {
      return failure.again();
    }
    return cause instanceof IOException && comesToItsEnd()
        ? ended(what)
        : new IllegalStateException(
            node.name() + " cannot be made to do it (" + what + "): " + cause.getMessage(), cause);
  }

  private boolean comesToItsEnd() throws InterruptedException {
    try {
      node.gone().get(JUDGEMENT.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the node ended in another way than by failing. Waits until that is known. */
  boolean endedWell() throws InterruptedException {
    return comesToItsEnd() && !(outcome() instanceof NodeOutcome.Failed);
  }

  /** For a node that has hung up. Waits until how it ended is known. */
  public RuntimeException ended(String what) throws InterruptedException {
    comesToItsEnd();
    return new NodeEndedException(
        node.name(), outcome(), node.name() + " ended before " + what + ": " + how() + tail());
  }

  /** For something that did not happen: the time is up, or else the node is gone. */
  public RuntimeException gaveUp(Deadline deadline, String what) {
    try {
      return deadline.left().isZero() ? outOfTime(deadline, what) : ended(what);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return outOfTime(deadline, what);
    }
  }

  RuntimeException outOfTime(Deadline deadline, String what) {
    String time = HumanText.duration(deadline.time());
    return new OutOfTimeException(
        node.name() + " took longer than " + time + " before " + what + tail());
  }

  private NodeOutcome outcome() {
    return node.outcome().orElseGet(NodeOutcome.Stopped::new);
  }

  private String how() {
    NodeOutcome outcome = outcome();
    if (outcome instanceof NodeOutcome.Failed failed) {
      return failed.cause().describe();
    }
    if (outcome instanceof NodeOutcome.Rebooted) {
      return "it rebooted";
    }
    return outcome instanceof NodeOutcome.Done
        ? "it ended by itself, in success"
        : "it was stopped" + firstFailure.get().map(failure -> ", for " + failure).orElse("");
  }

  private String tail() {
    List<String> lines = consoleTail.get();
    return lines.isEmpty()
        ? "\n  it has printed nothing"
        : "\n  the end of its console:\n    " + String.join("\n    ", lines);
  }

  /** A moment by which something has to have happened, for calls that wait several times. */
  public static final class Deadline {

    private final Duration time;
    private final long end;

    private Deadline(Duration time) {
      this.time = time;
      this.end = System.nanoTime() + time.toNanos();
    }

    public static Deadline in(Duration time) {
      return new Deadline(time);
    }

    /** All the time there was, for messages. */
    Duration time() {
      return time;
    }

    /** What is left of it; zero once it has passed. */
    public Duration left() {
      return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
  }
}
