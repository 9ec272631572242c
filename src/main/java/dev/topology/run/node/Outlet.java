package dev.topology.run.node;

import dev.topology.posix.SocketStream;
import dev.topology.run.node.NodeWaiter.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes on their way to a guest: taken at once while there is room, and sent by a thread of their
 * own, which is started with the first. So a writer can stop waiting for a guest that does not
 * read, which a thread in write(2) cannot.
 */
final class Outlet implements AutoCloseable {

  private static final int CAPACITY = 64 * 1024;
  private static final long JOIN_MILLIS = 2000;

  private final ByteQueue queue = new ByteQueue(CAPACITY);
  private final SocketStream socket;
  private final Thread thread;
  private boolean started;

  Outlet(String threadName, SocketStream socket) {
    this.socket = socket;
    this.thread = new Thread(this::send, threadName);
    thread.setDaemon(true);
  }

  /**
   * Waits until all bytes have been taken. Bytes that were taken are sent even if this fails.
   *
   * @return whether they were, in time; {@link #end} does not let any more be taken
   */
  boolean write(ByteBuffer bytes, Deadline deadline) throws InterruptedException {
    startOnce();
    while (bytes.hasRemaining()) {
      if (queue.put(bytes, deadline.left()) <= 0) {
        return false;
      }
    }
    return true;
  }

  private synchronized void startOnce() {
    if (!started) {
      started = true;
      thread.start();
    }
  }

  private void send() {
    ByteBuffer chunk = ByteBuffer.allocate(CAPACITY);
    try {
      while (queue.take(chunk.clear()) > 0) {
        socket.write(chunk.flip());
      }
    } catch (IOException gone) {
      // QEMU is gone; a waiting writer is told so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.end();
    }
  }

  /** The guest is gone: takes no more, and wakes waiting writers. */
  void end() {
    queue.end();
  }

  /**
   * Drops what is still to be sent, and waits for the thread. The socket has to be closed first.
   */
  @Override
  public synchronized void close() {
    queue.end();
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
