package dev.topology.run.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.console.GuestText;
import dev.topology.model.Command;
import dev.topology.model.Node;
import dev.topology.model.Readiness.Condition.CommandSuccess;
import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.Closing;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs in a guest what has to succeed before its node is ready: the commands of {@code exec}, once
 * and in order, then the one of {@code ready: {exec: …}}, until it ends with status 0. Has a thread
 * of its own, which ends with the node at the latest.
 */
public final class StartCommands implements AutoCloseable {

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  /**
   * A command that waits for something that never comes is killed, as it may come the next time.
   */
  private static final Duration LONGEST_TRY = Duration.ofSeconds(30);

  /**
   * The agent is there soon after the guest has said that it is set up, and a command that is run
   * once may take as long as the node may take to be ready.
   */
  private static final Duration NO_LIMIT = Duration.ofDays(10_000);

  private static final int KEPT_BYTES = 4096;
  private static final int SHOWN_LINES = 5;

  private final NodeRun node;
  private final NodeWaiter waiter;
  private final Listener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** Takes what came of the commands; called by the thread that runs them. */
  public interface Listener {

    /** All commands of {@code exec} have succeeded. */
    void executed();

    /** A command of {@code exec} has failed; nothing more is run. */
    void failed(FailureCause cause);

    /** The command of {@code ready} has succeeded. */
    void succeeded();
  }

  private StartCommands(NodeRun node, Listener listener) {
    this.node = node;
    this.waiter = new NodeWaiter(node, List::of, Optional::empty);
    this.listener = listener;
    this.thread = new Thread(this::run, "start-" + node.name());
    thread.setDaemon(true);
  }

  /** Begins to run the commands of a node. What comes of each is noted in the node. */
  public static StartCommands start(NodeRun node, Listener listener) {
    StartCommands started = new StartCommands(node, listener);
    started.thread.start();
    return started;
  }

  /** Whether there is anything to run in a node before it is ready. */
  public static boolean hasSome(Node node) {
    return !node.exec().isEmpty() || untilSuccess(node).isPresent();
  }

  private static Optional<Command> untilSuccess(Node node) {
    return node.readiness()
        .condition()
        .filter(CommandSuccess.class::isInstance)
        .map(it -> ((CommandSuccess) it).command());
  }

  private void run() {
    try {
      waiter.ports().shell().startOnce();
      waiter.await(waiter.ports().shell().served(), Deadline.in(NO_LIMIT), "its agent ran");
      Node its = node.plan().node();
      if (executesAll(its.exec())) {
        listener.executed();
        Optional<Command> last = untilSuccess(its);
        if (last.isPresent() && succeedsOnce(last.get())) {
          listener.succeeded();
        }
      }
    } catch (NodeEndedException ended) {
      // How is told by the node's outcome.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean executesAll(List<Command> commands) throws InterruptedException {
    for (Command command : commands) {
      node.notes().noteExecuting(Optional.of(command));
      Optional<String> failure = failure(command, NO_LIMIT);
      if (failure.isPresent()) {
        String summary = command.summary();
        listener.failed(new FailureCause.ExecFailed(summary, GuestText.line(failure.get())));
        return false;
      }
    }
    node.notes().noteExecuting(Optional.empty());
    return true;
  }

  private boolean succeedsOnce(Command command) throws InterruptedException {
    note("the first attempt had not ended");
    long pause = FIRST_PAUSE_MILLIS;
    Optional<String> failure = failure(command, LONGEST_TRY);
    while (failure.isPresent()) {
      note("the last attempt " + failure.get());
      if (closed.await(pause, TimeUnit.MILLISECONDS)) {
        return false;
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
      failure = failure(command, LONGEST_TRY);
    }
    return true;
  }

  /** Runs a command, and says how it failed, if it did. */
  private Optional<String> failure(Command command, Duration longest) throws InterruptedException {
    Deadline end = Deadline.in(longest);
    Tail written = new Tail();
    ProgramStart program =
        new ProgramStart(command.arguments(), List.of(), /* hasInput= */ false, Optional.empty());
    try (StreamedCommand running =
        new StreamedCommand(waiter, "it", new Output(written), new Output(written))) {
      if (!running.start(program, end)) {
        throw waiter.gaveUp(end, "it had started");
      }
      running.await(running.allEnded(), end);
      int status = running.status().join();
      return status == 0
          ? Optional.empty()
          : Optional.of("ended with exit status " + status + written.quoted());
    } catch (OutOfTimeException e) {
      return Optional.of(
          "had not ended after %d s and was killed%s"
              .formatted(longest.toSeconds(), written.quoted()));
    } catch (GuestAgentException e) {
      return Optional.of("failed: " + e.getMessage());
    }
  }

  private void note(String result) {
    node.notes().noteAttempt(GuestText.line(result));
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    Closing.join(thread);
  }

  /** The end of what an attempt has written to both of its outputs. */
  private static final class Tail {

    private byte[] bytes = {};

    synchronized void add(byte[] more) {
      byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
      System.arraycopy(more, 0, all, bytes.length, more.length);
      bytes = Arrays.copyOfRange(all, Math.max(0, all.length - KEPT_BYTES), all.length);
    }

    synchronized String quoted() {
      List<String> lines = GuestText.lines(new String(bytes, UTF_8)).lines();
      List<String> last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
      return last.isEmpty() ? "" : ": \"" + String.join(" / ", last) + '"';
    }
  }

  private static final class Output extends GuestBytes {

    private final Tail tail;

    Output(Tail tail) {
      this.tail = tail;
    }

    @Override
    void put(byte[] bytes) {
      tail.add(bytes);
      if (bytes.length > 0) {
        give(bytes.length);
      }
    }
  }
}
