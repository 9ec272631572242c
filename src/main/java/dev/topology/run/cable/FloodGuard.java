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
  private static final int REMEMBERED = 8192;

  /** How many places a frame can have; where all are taken, it takes that of the oldest. */
  private static final int PLACES = 4;

  private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(REMEMBERED);
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private final long[] hashes = new long[REMEMBERED];
  private final long[] seenAt = new long[REMEMBERED];
  private final int[] ports = new int[REMEMBERED];
  private final double[] room;
  private final long[] countedAt;

  FloodGuard(int ports, long now) {
    this.room = new double[ports];
    this.countedAt = new long[ports];
    Arrays.fill(room, FLOODS_PER_SECOND);
    Arrays.fill(countedAt, now);
    Arrays.fill(this.ports, -1);
  }

  /** Whether a frame that came from a port may go to all others. */
  boolean lets(int port, ByteBuffer bytes, int offset, int length, long now) {
    return !hasGoneRound(port, hash(bytes, offset, length), now) && hasRoom(port, now);
  }

  private boolean hasGoneRound(int port, long hash, long now) {
    int first = (int) (hash >>> HASH_SHIFT);
    int chosen = first;
    for (int at = 0; at < PLACES; at++) {
      int place = (first + at) % REMEMBERED;
      if (hashes[place] == hash && ports[place] >= 0) {
        if (ports[place] != port && now - seenAt[place] < REMEMBERED_NANOS) {
          return true;
        }
        chosen = place;
        break;
      }
      boolean isOlder = seenAt[place] - seenAt[chosen] < 0;
      chosen = ports[chosen] >= 0 && (ports[place] < 0 || isOlder) ? place : chosen;
    }
    hashes[chosen] = hash;
    ports[chosen] = port;
    seenAt[chosen] = now;
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
