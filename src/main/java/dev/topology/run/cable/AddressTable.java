package dev.topology.run.cable;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Where a switch last saw each address: a table of {@value #MOST} entries, each good for five
 * minutes, as IEEE 802.1Q recommends in 8.8.3. Where an entry has no place, the one that was not
 * seen for the longest time gives way. Takes the same time however full it is. Not thread-safe.
 */
final class AddressTable {

  /** How many addresses there can be. A power of two. */
  static final int MOST = 8192;

  /** Where an address is that was not seen. */
  static final int NOWHERE = -1;

  static final long GOOD_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** How many places an entry can have. */
  private static final int PLACES = 8;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(MOST);

  private final long[] addresses = new long[MOST];
  private final long[] seenAt = new long[MOST];
  private final int[] ports = new int[MOST];

  AddressTable() {
    Arrays.fill(ports, NOWHERE);
  }

  /** The port behind which an address is, or {@link #NOWHERE}. */
  int portOf(long address, long now) {
    int first = firstPlace(address);
    for (int at = 0; at < PLACES; at++) {
      int place = (first + at) % MOST;
      if (addresses[place] == address && ports[place] != NOWHERE) {
        return now - seenAt[place] > GOOD_NANOS ? NOWHERE : ports[place];
      }
    }
    return NOWHERE;
  }

  /** Notes that an address was seen at a port now. */
  void learn(long address, int port, long now) {
    int first = firstPlace(address);
    int chosen = first;
    for (int at = 0; at < PLACES; at++) {
      int place = (first + at) % MOST;
      if (addresses[place] == address && ports[place] != NOWHERE) {
        chosen = place;
        break;
      }
      chosen = givesWay(place, chosen) ? place : chosen;
    }
    addresses[chosen] = address;
    ports[chosen] = port;
    seenAt[chosen] = now;
  }

  private boolean givesWay(int place, int other) {
    return ports[other] != NOWHERE
        && (ports[place] == NOWHERE || seenAt[place] - seenAt[other] < 0);
  }

  /** Forgets what is behind a port. */
  void forget(int port) {
    for (int place = 0; place < MOST; place++) {
      ports[place] = ports[place] == port ? NOWHERE : ports[place];
    }
  }

  private static int firstPlace(long address) {
    return (int) ((address * GOLDEN) >>> HASH_SHIFT);
  }
}
