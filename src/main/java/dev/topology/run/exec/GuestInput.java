package dev.topology.run.exec;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.run.node.Deadline;
import dev.topology.run.node.ShellLink;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A stream to a guest, such as what a program there reads. Writing waits while as much is under way
 * as may be; what the program has read gives new room.
 */
final class GuestInput extends OutputStream {

  private static final int MOST_AT_ONCE = 16 * 1024;
  private static final Deadline NONE = Deadline.in(Duration.ofDays(10_000));

  private final ShellLink link;
  private final long id;
  private IntConsumer readers = count -> {};
  private int room = AgentFrame.INPUT_WINDOW;
  private boolean closed;
  private boolean unread;

  GuestInput(ShellLink link, long id) {
    this.link = link;
    this.id = id;
  }

  /** Tells a listener, by the thread that reads from the guest, how many bytes were read. */
  synchronized void onRead(IntConsumer listener) {
    readers = listener;
  }

  /** The guest has read so much more. */
  void credit(int count) {
    IntConsumer listener;
    synchronized (this) {
      if (count > AgentFrame.INPUT_WINDOW - room) {
        throw new BadFrameException("credit for what it was not sent");
      }
      room += count;
      listener = readers;
      notifyAll();
    }
    listener.accept(count);
  }

  /** Whether it was closed, or nobody reads it. */
  synchronized boolean isOver() {
    return closed || unread;
  }

  /** Nobody reads it any more. */
  synchronized void stop() {
    unread = true;
    notifyAll();
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    try {
      for (int sent = 0; sent < count; ) {
        int size = take(Math.min(MOST_AT_ONCE, count - sent));
        byte[] piece = Arrays.copyOfRange(bytes, offset + sent, offset + sent + size);
        if (!link.sender().send(AgentFrame.data(id, 0, piece), NONE)) {
          throw unread();
        }
        sent += size;
      }
    } catch (InterruptedException e) {
      throw GuestCommand.interrupted();
    }
  }

  /** Waits for room. */
  private synchronized int take(int most) throws IOException, InterruptedException {
    while (room == 0 && !unread && !closed) {
      wait();
    }
    if (closed) {
      throw new IOException("the input was closed");
    }
    if (unread) {
      throw unread();
    }
    int size = Math.min(most, room);
    room -= size;
    return size;
  }

  private static IOException unread() {
    return new IOException("the command has ended, or reads no more");
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  /** The end of the input. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      notifyAll();
      if (!unread) {
        link.sendAtOnce(AgentFrame.end(id, 0));
      }
    }
  }
}
