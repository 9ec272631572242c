package dev.topology.control;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** Bytes that wait for a reader, up to a limit. The writer never waits. */
final class Chunks {

  private final int most;
  private final Queue<byte[]> queue = new ArrayDeque<>();
  private int size;
  private boolean ended;

  Chunks(int most) {
    this.most = most;
  }

  /** Whether there was room for them. */
  synchronized boolean offer(byte[] bytes) {
    if (bytes.length > most - size) {
      return false;
    }
    if (!ended && bytes.length > 0) {
      queue.add(bytes);
      size += bytes.length;
      notifyAll();
    }
    return true;
  }

  /** No more will come. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Drops the bytes that wait, and takes no more. */
  synchronized void discard() {
    queue.clear();
    end();
  }

  /** Waits for some; nothing at the end. */
  synchronized Optional<byte[]> take() throws InterruptedException {
    while (queue.isEmpty() && !ended) {
      wait();
    }
    Optional<byte[]> bytes = Optional.ofNullable(queue.poll());
    size -= bytes.map(it -> it.length).orElse(0);
    return bytes;
  }
}
