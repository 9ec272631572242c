package dev.topology.run.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.console.GuestText;
import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.Closing;
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
 * Runs a command in a guest until it ends with status 0, which makes the node ready: {@code ready:
 * {exec: …}}. Has a thread of its own, which ends with the node at the latest.
 */
public final class ReadyCommand implements AutoCloseable {

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 1000;

  /**
   * A command that waits for something that never comes is killed, as it may come the next time.
   */
  private static final Duration LONGEST_TRY = Duration.ofSeconds(30);

  /** The agent is there soon after the guest has said that it is set up. */
  private static final Duration NO_LIMIT = Duration.ofDays(10_000);

  private static final int KEPT_BYTES = 4096;
  private static final int SHOWN_LINES = 5;

  private final NodeRun node;
  private final NodeWaiter waiter;
  private final ProgramStart program;
  private final Runnable onSuccess;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private ReadyCommand(NodeRun node, List<String> command, Runnable onSuccess) {
    this.node = node;
    this.waiter = new NodeWaiter(node, List::of, Optional::empty);
    this.program = new ProgramStart(command, List.of(), /* hasInput= */ false, Optional.empty());
    this.onSuccess = onSuccess;
    this.thread = new Thread(this::tryUntilItSucceeds, "ready-" + node.name());
    thread.setDaemon(true);
  }

  /**
   * Begins to run it. What came of each attempt is noted in the node.
   *
   * @param command a program and its arguments
   * @param onSuccess called once, by the thread, when it has succeeded
   */
  public static ReadyCommand start(NodeRun node, List<String> command, Runnable onSuccess) {
    ReadyCommand started = new ReadyCommand(node, command, onSuccess);
    started.thread.start();
    return started;
  }

  private void tryUntilItSucceeds() {
    try {
      note("the first attempt had not ended");
      waiter.ports().shell().startOnce();
      waiter.await(waiter.ports().shell().served(), Deadline.in(NO_LIMIT), "its agent ran");
      long pause = FIRST_PAUSE_MILLIS;
      while (!succeeds()) {
        if (closed.await(pause, TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause);
      }
      onSuccess.run();
    } catch (NodeEndedException ended) {
      // How is told by the node's outcome.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean succeeds() throws InterruptedException {
    Deadline end = Deadline.in(LONGEST_TRY);
    Tail written = new Tail();
    try (StreamedCommand running =
        new StreamedCommand(waiter, "it", new Output(written), new Output(written))) {
      if (!running.start(program, end)) {
        throw waiter.gaveUp(end, "it had started");
      }
      running.await(running.allEnded(), end);
      int status = running.status().join();
      if (status == 0) {
        return true;
      }
      note("the last attempt ended with exit status " + status + written.quoted());
    } catch (OutOfTimeException e) {
      note(
          "the last attempt had not ended after %d s and was killed%s"
              .formatted(LONGEST_TRY.toSeconds(), written.quoted()));
    } catch (GuestAgentException e) {
      note("the last attempt failed: " + e.getMessage());
    }
    return false;
  }

  private void note(String result) {
    node.noteAttempt(GuestText.line(result));
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
