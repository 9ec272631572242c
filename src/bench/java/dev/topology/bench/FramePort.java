package dev.topology.bench;

import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.NativeBlock;
import dev.topology.posix.Poll;
import java.io.IOException;
import java.util.List;

/** The far end of a cable, where otherwise a QEMU is: it sends and receives frames in batches. */
final class FramePort implements AutoCloseable {

  private final Descriptor socket;
  private final Poll poll;
  private final NativeBlock frame = new NativeBlock(Datagrams.LONGEST);
  private final NativeBlock incoming = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);
  private final Datagrams received = Datagrams.into(incoming);

  FramePort(Descriptor socket) throws IOException {
    this.socket = socket;
    this.poll = new Poll(List.of(socket));
  }

  /** Sends so many frames of that length, each with the time at its beginning. */
  void send(int count, int length) throws IOException {
    frame.bytes().putLong(0, System.nanoTime());
    Datagrams batch = Datagrams.toSend();
    for (int i = 0; i < count; i++) {
      batch.add(frame, 0, length);
    }
    int sent = 0;
    while (sent < count) {
      sent += batch.send(socket, sent);
      if (sent < count) {
        poll.interest(0, false, true);
        poll.await(-1);
      }
    }
  }

  /** Waits for frames; returns how many came, none if none did for so long. */
  int receive(long nanos) throws IOException {
    int count = received.receive(socket);
    if (count == 0) {
      poll.interest(0, true, false);
      poll.await(nanos);
      count = received.receive(socket);
    }
    return count;
  }

  /** The bytes of the frames that were received last. */
  long bytes() {
    long bytes = 0;
    for (int at = 0; at < received.count(); at++) {
      bytes += received.length(at);
    }
    return bytes;
  }

  /** When the frame was sent that was received as number {@code at} of its batch. */
  long sentAt(int at) {
    return incoming.bytes().getLong(at * Datagrams.LONGEST);
  }

  void wake() {
    poll.wake();
  }

  @Override
  public void close() {
    poll.close();
  }
}
