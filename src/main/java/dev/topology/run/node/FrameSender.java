package dev.topology.run.node;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.posix.SocketStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to a guest's agent, sent by a thread of their own, which is started with the
 * first. A frame is taken whole or not at all, so that what is given up in the middle of a wait
 * leaves nothing behind. Thread-safe.
 */
public final class FrameSender implements AutoCloseable {

  /** How many bytes may wait; one frame may always. */
  private static final int MOST_WAITING = 256 * 1024;

  private static final long JOIN_MILLIS = 2000;

  private final SocketStream socket;
  private final Thread thread;
  private final Queue<byte[]> frames = new ArrayDeque<>();
  private long waiting;
  private boolean started;
  private boolean ended;

  FrameSender(String threadName, SocketStream socket) {
    this.socket = socket;
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /**
   * Waits until there is room for it.
   *
   * @return whether it was taken in time; after {@link #end} it is not
   */
  public synchronized boolean send(AgentFrame frame, Deadline deadline)
      throws InterruptedException {
    byte[] bytes = frame.bytes();
    while (waiting > 0 && waiting + bytes.length > MOST_WAITING && !ended) {
      long nanos = deadline.left().toNanos();
      if (nanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
    return take(bytes);
  }

  /**
   * Never waits: for what is small, and is sent for what the guest has said or has been told.
   *
   * @return false if the guest reads none of it: four times the usual room is full
   */
  synchronized boolean sendAtOnce(AgentFrame frame) {
    return waiting < 4L * MOST_WAITING && (take(frame.bytes()) || ended);
  }

  private boolean take(byte[] bytes) {
    if (ended) {
      return false;
    }
    frames.add(bytes);
    waiting += bytes.length;
    notifyAll();
    if (!started) {
      started = true;
      thread.start();
    }
    return true;
  }

  private void run() {
    try {
      for (byte[] frame = next(null); frame != null; frame = next(frame)) {
        socket.write(ByteBuffer.wrap(frame));
      }
    } catch (IOException gone) {
      // QEMU is gone, and whoever waits is told so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  private synchronized byte @Nullable [] next(byte @Nullable [] sent) throws InterruptedException {
    if (sent != null) {
      waiting -= sent.length;
      notifyAll();
    }
    while (frames.isEmpty() && !ended) {
      wait();
    }
    return ended ? null : frames.remove();
  }

  /** The guest is gone: takes no more, and wakes who waits. */
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
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
