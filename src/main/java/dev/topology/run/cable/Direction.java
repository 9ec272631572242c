package dev.topology.run.cable;

import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Shaping;
import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.NativeBlock;
import dev.topology.run.cable.CableCounters.DirectionCounters;
import dev.topology.run.cable.CableCounters.Tally;
import dev.topology.run.cable.CableCounters.Tally.Count;
import dev.topology.run.cable.CableState.DirectionState;
import java.io.IOException;

/**
 * The frames from one end of a cable to the other.
 *
 * <p>When a frame is sent and when it arrives is known at the moment it comes: its last bit is on
 * the cable when those before it are and the rate has let it through, and it arrives when it has
 * travelled for its delay. So the rate needs no timer of its own: what waits for it is what is not
 * sent yet. Not thread-safe.
 */
final class Direction {

  /** What can be on its way: a tenth of a second at 2.5 Gbit/s, two minutes at 2 Mbit/s. */
  private static final int MOST_BYTES = 32 << 20;

  private static final double BITS_PER_BYTE_NANOS = 8e9;
  private static final double QUEUE_SECONDS = 0.1;
  private static final long LEAST_QUEUE_BYTES = 64 * 1024;

  /** After so many batches, the other direction has its turn. */
  private static final int BATCHES_AT_ONCE = 4;

  private final Descriptor source;
  private final Tally tally = new Tally();
  private final Impairments impairments;
  private final FrameTap before;
  private final NativeBlock memory = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);
  private final Datagrams batch = Datagrams.into(memory);
  private final Exit exit;
  private final FrameQueue travelling = new FrameQueue(MOST_BYTES);
  private final FrameQueue overtaking = new FrameQueue(MOST_BYTES);

  private boolean isOver;
  private boolean holdsUp;
  private double nanosPerByte;
  private double queueNanos;
  private long lastSentAt;

  /**
   * From one socket to another.
   *
   * @param before sees the frames as they come
   * @param afterwards sees them as they leave
   */
  Direction(
      Descriptor source, Descriptor destination, long seed, FrameTap before, FrameTap afterwards) {
    this.source = source;
    this.impairments = new Impairments(seed);
    this.before = before;
    this.exit = new Exit(destination, tally, afterwards);
  }

  /** What it has done so far. Thread-safe. */
  DirectionCounters counters() {
    return tally.soFar();
  }

  /** Whether frames wait for the guest to take them. */
  boolean isBlocked() {
    return exit.isBlocked();
  }

  /** The guest has room again: sends it the frames that wait. */
  void resume() {
    exit.resume();
  }

  /** Applies new settings from now on, also to frames on their way. */
  void follow(Shaping shaping, long now) {
    double old = nanosPerByte;
    nanosPerByte =
        shaping.rate().map(BitRate::bitsPerSecond).map(it -> BITS_PER_BYTE_NANOS / it).orElse(0.0);
    queueNanos = queueBytes(shaping) * nanosPerByte;
    holdsUp = nanosPerByte > 0 || !shaping.delay().isZero();
    impairments.follow(shaping);
    long longestTravel = shaping.delay().plus(shaping.jitter()).toNanos();
    retime(now, old == 0 ? 1 : nanosPerByte / old, longestTravel);
  }

  private static double queueBytes(Shaping shaping) {
    return shaping
        .queue()
        .map(Memory::bytes)
        .orElseGet(
            () -> {
              double bits = shaping.rate().map(BitRate::bitsPerSecond).orElse(0L) * QUEUE_SECONDS;
              return Math.max(LEAST_QUEUE_BYTES, (long) (bits / Byte.SIZE));
            });
  }

  /**
   * What is not sent yet is sent at the new rate; what travels arrives no later than it now can.
   */
  private void retime(long now, double slowdown, long longestTravel) {
    FrameQueue.Retiming retiming =
        new FrameQueue.Retiming() {
          @Override
          public long sentAt(long before) {
            return before <= now ? before : now + Math.round((before - now) * slowdown);
          }

          @Override
          public long travelNanos(long before) {
            return Math.min(before, longestTravel);
          }
        };
    travelling.retime(retiming);
    overtaking.retime(retiming);
    lastSentAt = retiming.sentAt(lastSentAt);
  }

  /** Whether nothing will come any more: the device that it came from is gone. */
  boolean isOver() {
    return isOver;
  }

  /** Takes what has come; waits for nothing. */
  void receive() {
    for (int turn = 0; turn < BATCHES_AT_ONCE; turn++) {
      int count = receiveBatch();
      if (count < Datagrams.CAPACITY) {
        return;
      }
    }
  }

  private int receiveBatch() {
    try {
      int count = batch.receive(source);
      long now = System.nanoTime();
      for (int at = 0; at < count; at++) {
        take(at * Datagrams.LONGEST, batch.length(at), now);
      }
      exit.flush();
      return count;
    } catch (IOException gone) {
      // The QEMU there has ended, and nothing comes from it any more; another may come. So may
      // another program at a UDP port.
      isOver = source.isDevice();
      return 0;
    }
  }

  private void take(int offset, int length, long now) {
    tally.add(Count.FRAMES);
    tally.add(Count.BYTES, length);
    before.passes(memory, offset, length);
    if (impairments.isLost()) {
      tally.add(Count.LOST);
      return;
    }
    if (impairments.corrupts(memory.bytes(), offset, length)) {
      tally.add(Count.CORRUPTED);
    }
    forward(offset, length, now);
    if (impairments.isDuplicated()) {
      tally.add(Count.DUPLICATED);
      forward(offset, length, now);
    }
  }

  private void forward(int offset, int length, long now) {
    if (!holdsUp && travelling.isEmpty() && overtaking.isEmpty()) {
      exit.let(memory, offset, length);
      return;
    }
    long start = Math.max(now, lastSentAt);
    double cost = length * nanosPerByte;
    if (start > now && start - now + cost > queueNanos) {
      tally.add(Count.QUEUE_FULL);
      return;
    }
    lastSentAt = start + Math.round(cost);
    hold(offset, length, lastSentAt);
  }

  private void hold(int offset, int length, long sent) {
    boolean overtakes = impairments.overtakes();
    if (overtakes) {
      tally.add(Count.REORDERED);
    }
    FrameQueue queue = overtakes ? overtaking : travelling;
    long due = overtakes ? sent : sent + impairments.travelNanos();
    if (!queue.add(memory, offset, length, sent, due)) {
      tally.add(Count.NOT_TAKEN);
    }
  }

  /** What it holds, at a moment. */
  DirectionState state(long now) {
    return new DirectionState(
        impairments.chances(),
        lastSentAt - now,
        travelling.frames(now),
        overtaking.frames(now),
        exit.waiting());
  }

  /** Goes on where another one was that had the same settings. */
  void restore(DirectionState state, long now) {
    impairments.restore(state.chances());
    lastSentAt = now + state.lastSentIn();
    travelling.addAll(state.travelling(), now);
    overtaking.addAll(state.overtaking(), now);
    exit.restore(state.waiting());
  }

  /** Time has stood still for so long. */
  void shift(long nanos) {
    lastSentAt += nanos;
    travelling.shift(nanos);
    overtaking.shift(nanos);
  }

  /** When the next frame arrives; {@link Long#MAX_VALUE} if none is on its way. */
  long nextDueAt() {
    return Math.min(travelling.headDueAt(), overtaking.headDueAt());
  }

  /** Lets out what has arrived. */
  void deliver(long now) {
    while (nextDueAt() <= now) {
      FrameQueue next = overtaking.headDueAt() <= travelling.headDueAt() ? overtaking : travelling;
      exit.let(next.memory(), next.headOffset(), next.headLength());
      next.removeHead();
    }
    exit.flush();
  }
}
