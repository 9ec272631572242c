package dev.topology.run.node;

import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.SocketStream;
import dev.topology.posix.SystemCallException;
import dev.topology.run.node.Reader.BoundedLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Speaks QMP with one QEMU: docs/interop/qmp-spec.
 *
 * <p>Without out-of-band execution, which is not asked for, QEMU answers in the order of the
 * commands; so the oldest command without an answer is the one an answer belongs to. Thread-safe.
 */
public final class QmpClient extends Reader {

  private static final int LONGEST_LINE = 16 * 1024 * 1024;

  private static final String GONE = "QEMU is gone";

  /** It answers at once, and within seconds while a hundred others start on the same processor. */
  private static final int ANSWER_SECONDS = 60;

  /** A socket takes 278 of them before a write waits; a writer here must never wait. */
  private static final int MOST_UNANSWERED = 100;

  private final SocketStream socket;
  private final Queue<CompletableFuture<QmpMessage.Return>> unanswered = new ArrayDeque<>();
  private final List<Consumer<QmpMessage.Event>> listeners = new CopyOnWriteArrayList<>();
  private boolean abandoned;

  QmpClient(String node, SocketStream socket) {
    super("qmp-" + node, socket);
    this.socket = socket;
  }

  /**
   * Sends a command.
   *
   * @return its answer; an {@link IOException} where QEMU refuses it, is gone, or has not answered
   *     within a minute, which one that was stopped from outside never does
   */
  public CompletableFuture<QmpMessage.Return> execute(QmpCommand command) {
    CompletableFuture<QmpMessage.Return> answer = new CompletableFuture<>();
    synchronized (unanswered) {
      if (abandoned) {
        answer.completeExceptionally(new IOException(GONE));
        return answer;
      }
      if (unanswered.size() >= MOST_UNANSWERED) {
        answer.completeExceptionally(
            new IOException("QEMU has not answered " + MOST_UNANSWERED + " commands"));
        return answer;
      }
      unanswered.add(answer);
      try {
        socket.write(ByteBuffer.wrap((command.line() + "\n").getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        // Perhaps half of it was written, so that nothing more can be said.
        abandon(isGone(e) ? GONE : "QEMU cannot be told anything any more: " + e.getMessage());
      }
    }
    return answer
        .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(inWords(failure, command)));
  }

  private static boolean isGone(IOException e) {
    return !(e instanceof SystemCallException refused) || refused.symbol().equals("EPIPE");
  }

  private static Throwable inWords(Throwable failure, QmpCommand command) {
    return failure instanceof TimeoutException
        ? new IOException(
            "QEMU has not answered "
                + command.name()
                + " for "
                + ANSWER_SECONDS
                + " s; is it stopped, or the host too busy?")
        : failure;
  }

  /** Tells a listener, by the reading thread, what happens to QEMU. */
  void onEvent(Consumer<QmpMessage.Event> listener) {
    listeners.add(listener);
  }

  /** Tells a listener no more. */
  void forget(Consumer<QmpMessage.Event> listener) {
    listeners.remove(listener);
  }

  @Override
  void read() throws IOException {
    BoundedLines lines = new BoundedLines(socket.input(), LONGEST_LINE);
    try {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        receive(QmpMessage.parse(line.get()));
      }
    } finally {
      abandon(GONE);
    }
  }

  private void receive(QmpMessage message) {
    if (message instanceof QmpMessage.Return answer) {
      oldest().complete(answer);
    } else if (message instanceof QmpMessage.Refusal refusal) {
      oldest().completeExceptionally(new IOException(refusal.description().toString()));
    } else if (message instanceof QmpMessage.Event event) {
      listeners.forEach(listener -> listener.accept(event));
    }
  }

  private CompletableFuture<QmpMessage.Return> oldest() {
    synchronized (unanswered) {
      return unanswered.remove();
    }
  }

  private void abandon(String reason) {
    synchronized (unanswered) {
      abandoned = true;
      unanswered.forEach(answer -> answer.completeExceptionally(new IOException(reason)));
      unanswered.clear();
    }
  }
}
