package dev.topology.run;

import dev.topology.posix.Descriptor;
import dev.topology.posix.SocketStream;
import dev.topology.qemu.QmpCommand;
import dev.topology.qemu.QmpMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Speaks QMP with one QEMU: docs/interop/qmp-spec.
 *
 * <p>Without out-of-band execution, which is not asked for, QEMU answers in the order of the
 * commands; so the oldest command without an answer is the one an answer belongs to. Thread-safe.
 */
final class QmpClient extends Reader {

  private static final int LONGEST_LINE = 16 * 1024 * 1024;

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
   * @return its answer; an {@link IOException} where QEMU refuses it or is gone
   */
  CompletableFuture<QmpMessage.Return> execute(QmpCommand command) {
    return execute(command, socket::write);
  }

  /** Sends a command with a copy of a descriptor, which stays its owner's. */
  CompletableFuture<QmpMessage.Return> execute(QmpCommand command, Descriptor passed) {
    return execute(command, line -> socket.write(line, passed));
  }

  /** Has a listener hear, by the reading thread, of what happens to QEMU. */
  void onEvent(Consumer<QmpMessage.Event> listener) {
    listeners.add(listener);
  }

  private interface Writing {
    void write(ByteBuffer line) throws IOException;
  }

  private CompletableFuture<QmpMessage.Return> execute(QmpCommand command, Writing writing) {
    CompletableFuture<QmpMessage.Return> answer = new CompletableFuture<>();
    synchronized (unanswered) {
      if (abandoned) {
        answer.completeExceptionally(new IOException("QEMU is gone"));
        return answer;
      }
      unanswered.add(answer);
      try {
        writing.write(ByteBuffer.wrap((command.line() + "\n").getBytes(StandardCharsets.UTF_8)));
      } catch (IOException gone) {
        // The reader finds the same end, and abandons every command that has no answer.
      }
    }
    return answer;
  }

  @Override
  void read() throws IOException {
    BoundedLines lines = new BoundedLines(socket.input(), LONGEST_LINE);
    try {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        receive(QmpMessage.parse(line.get()));
      }
    } finally {
      abandon();
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

  private void abandon() {
    synchronized (unanswered) {
      abandoned = true;
      unanswered.forEach(answer -> answer.completeExceptionally(new IOException("QEMU is gone")));
      unanswered.clear();
    }
  }
}
