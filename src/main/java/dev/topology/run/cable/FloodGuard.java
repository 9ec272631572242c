package dev.topology.run.cable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the frames that a switch sends to all its ends finite, where switches or bridges of guests
 * form a loop. Not thread-safe.
 *
 * <p>A frame that comes from another port than in the last second has gone round: it is dropped, so
 * that each guest gets one copy, and a switch learns addresses from the first. What takes longer to
 * go round, and whatever else a port floods, is held to {@value #FLOODS_PER_SECOND} frames a
 * second.
 */
final class FloodGuard {

  static final int FLOODS_PER_SECOND = 20_000;

  private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double SECOND = 1e9;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  /** Of frames, by their hash. */
  private final PortTable seen = new PortTable(REMEMBERED_NANOS);

  private final double[] room;
  private final long[] countedAt;

  FloodGuard(int ports, long now) {
    this.room = new double[ports];
    this.countedAt = new long[ports];
    Arrays.fill(room, FLOODS_PER_SECOND);
    Arrays.fill(countedAt, now);
  }

  /** Whether a frame that came from a port may go to all others. */
  boolean lets(int port, ByteBuffer bytes, int offset, int length, long now) {
    return !hasGoneRound(port, hash(bytes, offset, length), now) && hasRoom(port, now);
  }

  private boolean hasGoneRound(int port, long hash, long now) {
    int before = seen.portOf(hash, now);
    if (before != PortTable.NOWHERE && before != port) {
      return true;
    }
    seen.learn(hash, port, now);
    return false;
  }

  private boolean hasRoom(int port, long now) {
    double filled = room[port] + (now - countedAt[port]) / SECOND * FLOODS_PER_SECOND;
    countedAt[port] = now;
    room[port] = Math.min(filled, FLOODS_PER_SECOND);
    if (room[port] < 1) {
      return false;
    }
    room[port]--;
    return true;
  }

  private static long hash(ByteBuffer bytes, int offset, int length) {
    long hash = length;
    int at = offset;
    for (; at + Long.BYTES <= offset + length; at += Long.BYTES) {
      hash = mixed(hash ^ bytes.getLong(at));
    }
    for (; at < offset + length; at++) {
      hash = mixed(hash ^ bytes.get(at));
    }
    return hash;
  }

  private static long mixed(long word) {
    long product = word * PRIME;
    return product ^ (product >>> 32);
  }
}
