package dev.topology.run.exec;

import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.run.node.ByteQueue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One output of a command in a guest. The guest sends no more than it has credit for, and that much
 * is kept here; reading gives new credit.
 */
class GuestBytes extends InputStream {

  /** How many bytes may come before they are read. */
  static final int WINDOW = 256 * 1024;

  private final ByteQueue queue = new ByteQueue(WINDOW);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private @Nullable StreamedCommand command;
  private int stream;
  private int read;

  /** Says whose output it is, before anything comes. */
  void comesFrom(StreamedCommand writer, int number) {
    command = writer;
    stream = number;
  }

  /** The command that writes it. */
  final StreamedCommand command() {
    return Objects.requireNonNull(command);
  }

  /** Completes at its end, exceptionally where it broke off. Something may be left to be read. */
  final CompletableFuture<Void> ended() {
    return ended;
  }

  /** Takes what came. Never waits. */
  void put(byte[] bytes) {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    try {
      while (source.hasRemaining() && !ended.isDone()) {
        if (queue.put(source, Duration.ZERO) <= 0) {
          throw new BadFrameException("more than it was given credit for");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All has come. */
  final void end() {
    ended.complete(null);
    queue.end();
  }

  /** It has broken off, which must not look like its end. */
  final void fail(Throwable reason) {
    ended.completeExceptionally(reason);
    queue.end();
  }

  @Override
  public int read(byte[] destination, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      int count = queue.take(ByteBuffer.wrap(destination, offset, length));
      if (count > 0) {
        noteRead(count);
        return count;
      }
    } catch (InterruptedException e) {
      throw Execution.interrupted();
    }
    if (ended.isCompletedExceptionally()) {
      throw command().failure(ended);
    }
    return -1;
  }

  /** Gives credit in large pieces, each of which is a frame, and before the guest has to wait. */
  private synchronized void noteRead(int count) {
    read += count;
    if (read >= WINDOW / 2 && !ended.isDone()) {
      command().credit(stream, read);
      read = 0;
    }
  }

  /** Gives credit for so many bytes at once. */
  final void give(int count) {
    command().credit(stream, count);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int available() {
    return queue.length();
  }
}
