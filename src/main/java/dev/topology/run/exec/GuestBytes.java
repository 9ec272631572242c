package dev.topology.run.exec;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.run.node.ByteQueue;
import dev.topology.run.node.ShellLink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A stream from a guest, such as what a program there writes. As much of it as the guest has credit
 * for is kept here; reading gives new credit.
 */
final class GuestBytes extends InputStream {

  /** How many bytes may come before they are read. */
  static final int WINDOW = 256 * 1024;

  private final ShellLink link;
  private final long id;
  private final int stream;
  private final GuestCommand.Broken broken;
  private final ByteQueue queue = new ByteQueue(WINDOW);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int read;

  GuestBytes(ShellLink link, long id, int stream, GuestCommand.Broken broken) {
    this.link = link;
    this.id = id;
    this.stream = stream;
    this.broken = broken;
  }

  /** Completes at its end, exceptionally where it broke off. Something may be left to be read. */
  CompletableFuture<Void> ended() {
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
  void end() {
    ended.complete(null);
    queue.end();
  }

  /** It has broken off, which must not look like its end. */
  void fail(Throwable reason) {
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
        give(count);
        return count;
      }
    } catch (InterruptedException e) {
      throw GuestCommand.interrupted();
    }
    if (ended.isCompletedExceptionally()) {
      throw GuestCommand.failure(ended, broken);
    }
    return -1;
  }

  /** In large pieces, as each is a frame; but never so that the guest waits for a reader. */
  private synchronized void give(int count) {
    read += count;
    if (read >= WINDOW / 2 && !ended.isDone()) {
      link.sendAtOnce(AgentFrame.credit(id, stream, read));
      read = 0;
    }
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
