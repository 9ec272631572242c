package dev.topology.run.node;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A bounded queue of bytes from one thread to another. It allocates its memory with the first byte:
 * most programs write nothing to standard error. Thread-safe.
 */
public final class ByteQueue {

  /** What {@link #put} and {@link #take} say when there will never be any more. */
  static final int ENDED = -1;

  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  private final int capacity;
  private byte[] ring = {};
  private int start;
  private int length;
  private boolean ended;

  public ByteQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Waits for room as long as it takes: see {@link #put(ByteBuffer, Duration)}. */
  public int put(ByteBuffer source) throws InterruptedException {
    return put(source, FOR_EVER);
  }

  /**
   * Waits for room, and puts in what fits.
   *
   * @return how many bytes that was, 0 when the time is up, or {@link #ENDED}
   */
  public synchronized int put(ByteBuffer source, Duration deadline) throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (length == capacity && !ended) {
      if (!waitUntil(end)) {
        return 0;
      }
    }
    if (ended) {
      return ENDED;
    }
    return add(source);
  }

  /**
   * Puts all of these in if there is room for them; after the end they are dropped. Never waits.
   *
   * @return whether there was room
   */
  public synchronized boolean offer(byte[] bytes) {
    if (bytes.length > capacity - length) {
      return false;
    }
    if (!ended) {
      add(ByteBuffer.wrap(bytes));
    }
    return true;
  }

  private int add(ByteBuffer source) {
    if (ring.length == 0) {
      ring = new byte[capacity];
    }
    int count = Math.min(source.remaining(), capacity - length);
    for (int left = count; left > 0; ) {
      int at = (start + length) % ring.length;
      int piece = Math.min(left, ring.length - at);
      source.get(ring, at, piece);
      length += piece;
      left -= piece;
    }
    notifyAll();
    return count;
  }

  /** Waits for bytes as long as it takes: see {@link #take(ByteBuffer, Duration)}. */
  public int take(ByteBuffer destination) throws InterruptedException {
    return take(destination, FOR_EVER);
  }

  /**
   * Waits for bytes, and takes what is there, also after the end.
   *
   * @return how many bytes that was, 0 when the time is up, or {@link #ENDED}
   */
  public synchronized int take(ByteBuffer destination, Duration deadline)
      throws InterruptedException {
    long end = System.nanoTime() + deadline.toNanos();
    while (length == 0 && !ended) {
      if (!waitUntil(end)) {
        return 0;
      }
    }
    if (length == 0) {
      return ENDED;
    }
    int count = Math.min(destination.remaining(), length);
    for (int left = count; left > 0; ) {
      int piece = Math.min(left, ring.length - start);
      destination.put(ring, start, piece);
      start = (start + piece) % ring.length;
      length -= piece;
      left -= piece;
    }
    notifyAll();
    return count;
  }

  /**
   * Waits for bytes as long as it takes, and takes what is there.
   *
   * @param most how many bytes at the most
   * @return empty at the end
   */
  public synchronized Optional<byte[]> takeSome(int most) throws InterruptedException {
    while (length == 0 && !ended) {
      wait();
    }
    byte[] bytes = new byte[Math.min(most, length)];
    return take(ByteBuffer.wrap(bytes)) > 0 ? Optional.of(bytes) : Optional.empty();
  }

  private boolean waitUntil(long end) throws InterruptedException {
    long left = end - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    TimeUnit.NANOSECONDS.timedWait(this, left);
    return true;
  }

  /** How many bytes are there now. */
  public synchronized int length() {
    return length;
  }

  /** Drops the bytes that are there, with their memory, and takes no more. */
  public synchronized void discard() {
    length = 0;
    ring = new byte[0];
    end();
  }

  /** Nothing more will be put in. */
  public synchronized void end() {
    ended = true;
    notifyAll();
  }
}
