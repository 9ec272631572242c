package dev.topology.run.cable;

import java.util.Arrays;

/**
 * At which port a switch last saw each address, or each frame by its hash: a table of {@value
 * #MOST} entries, each good for some time. Where an entry has no place, the one that was not seen
 * for the longest time gives way. Takes the same time however full it is. Not thread-safe.
 */
final class PortTable {

  /** How many entries there can be. A power of two. */
  static final int MOST = 8192;

  /** The port of what was not seen. */
  static final int NOWHERE = -1;

  /** How many places an entry can have. */
  private static final int PLACES = 8;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(MOST);

  private final long goodNanos;
  private final long[] keys = new long[MOST];
  private final long[] seenAt = new long[MOST];
  private final int[] ports = new int[MOST];

  PortTable(long goodNanos) {
    this.goodNanos = goodNanos;
    Arrays.fill(ports, NOWHERE);
  }

  /** The port at which something was seen last, or {@link #NOWHERE}. */
  int portOf(long key, long now) {
    int first = firstPlace(key);
    for (int at = 0; at < PLACES; at++) {
      int place = (first + at) % MOST;
      if (keys[place] == key && ports[place] != NOWHERE) {
        return now - seenAt[place] > goodNanos ? NOWHERE : ports[place];
      }
    }
    return NOWHERE;
  }

  /** Notes that something was seen at a port now. */
  void learn(long key, int port, long now) {
    int first = firstPlace(key);
    int chosen = first;
    for (int at = 0; at < PLACES; at++) {
      int place = (first + at) % MOST;
      if (keys[place] == key && ports[place] != NOWHERE) {
        chosen = place;
        break;
      }
      chosen = givesWay(place, chosen) ? place : chosen;
    }
    keys[chosen] = key;
    ports[chosen] = port;
    seenAt[chosen] = now;
  }

  private boolean givesWay(int place, int other) {
    return ports[other] != NOWHERE
        && (ports[place] == NOWHERE || seenAt[place] - seenAt[other] < 0);
  }

  /** Forgets what was seen at a port. */
  void forget(int port) {
    for (int place = 0; place < MOST; place++) {
      ports[place] = ports[place] == port ? NOWHERE : ports[place];
    }
  }

  private static int firstPlace(long key) {
    return (int) ((key * GOLDEN) >>> HASH_SHIFT);
  }
}
