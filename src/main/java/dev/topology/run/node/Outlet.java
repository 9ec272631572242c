package dev.topology.run.node;

import dev.topology.posix.SocketStream;
import dev.topology.run.node.NodeWaiter.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way to a guest: taken while there is room, and sent by a thread of their own,
 * which is started with the first. So a writer can stop waiting for a guest that does not read,
 * which a thread in write(2) cannot. Thread-safe.
 */
final class Outlet implements AutoCloseable {

  private final SocketStream socket;
  private final int room;
  private final Thread thread;
  private final Queue<byte[]> pieces = new ArrayDeque<>();
  private long waiting;
  private boolean started;
  private boolean sending;
  private boolean held;
  private boolean ended;

  /**
   * @param room how many bytes may wait to be sent
   */
  Outlet(String threadName, SocketStream socket, int room) {
    this.socket = socket;
    this.room = room;
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /**
   * Waits until all bytes have been taken. Bytes that were taken are sent even if this fails.
   *
   * @return whether they were, in time; {@link #end} does not let any more be taken
   */
  synchronized boolean write(ByteBuffer bytes, Deadline deadline) throws InterruptedException {
    while (bytes.hasRemaining()) {
      if (!awaitRoom(1, deadline)) {
        return false;
      }
      byte[] piece = new byte[(int) Math.min(room - waiting, bytes.remaining())];
      bytes.get(piece);
      take(piece);
    }
    return true;
  }

  /**
   * Waits until there is room for a piece, and takes it whole or not at all; one that is larger
   * than the room, once nothing else waits.
   *
   * @return whether it was taken, in time; after {@link #end} it is not
   */
  synchronized boolean writeWhole(byte[] piece, Deadline deadline) throws InterruptedException {
    return awaitRoom(piece.length, deadline) && take(piece);
  }

  /**
   * Takes a small piece without waiting.
   *
   * @return false if the guest reads nothing: four times the room is full
   */
  synchronized boolean writeAtOnce(byte[] piece) {
    return waiting < 4L * room && (take(piece) || ended);
  }

  private boolean awaitRoom(int wanted, Deadline deadline) throws InterruptedException {
    while (waiting > 0 && waiting + wanted > room && !ended) {
      long nanos = deadline.left().toNanos();
      if (nanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
    return !ended;
  }

  private boolean take(byte[] piece) {
    if (ended) {
      return false;
    }
    pieces.add(piece);
    waiting += piece.length;
    notifyAll();
    if (!started) {
      started = true;
      thread.start();
    }
    return true;
  }

  private void run() {
    try {
      for (byte[] piece = next(null); piece != null; piece = next(piece)) {
        socket.write(ByteBuffer.wrap(piece));
      }
    } catch (IOException gone) {
      // QEMU is gone, and waiting threads are told so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  private synchronized byte @Nullable [] next(byte @Nullable [] sent) throws InterruptedException {
    if (sent != null) {
      waiting -= sent.length;
      sending = false;
      notifyAll();
    }
    while ((pieces.isEmpty() || held) && !ended) {
      wait();
    }
    sending = !ended;
    return ended ? null : pieces.remove();
  }

  /** Begins to send no more pieces until it is {@linkplain #release released}. */
  synchronized void hold() {
    held = true;
  }

  /** Sends again. */
  synchronized void release() {
    held = false;
    notifyAll();
  }

  /** Whether it is in the middle of a piece. */
  synchronized boolean isSending() {
    return sending && !ended;
  }

  /** The guest is gone: takes no more, and wakes waiting threads. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /**
   * Drops what is still to be sent, and waits for the thread. The socket has to be closed first.
   */
  @Override
  public void close() {
    end();
    Closing.join(thread);
  }
}
