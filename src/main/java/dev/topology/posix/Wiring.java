package dev.topology.posix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Descriptors on their way to a child: none of their numbers can be closed or reused before this is
 * closed. Not thread-safe.
 */
final class Wiring implements AutoCloseable {

  /** A number here, and the number the child knows it by. */
  private record Wire(int source, int target) {}

  private final List<Descriptor> held = new ArrayList<>();
  private final List<Wire> wires = new ArrayList<>();

  /** Holds {@code descriptors}, by the numbers the child shall know them by. */
  static Wiring of(SortedMap<Integer, Descriptor> descriptors) throws IOException {
    Wiring wiring = new Wiring();
    try {
      for (var entry : descriptors.entrySet()) {
        int source = entry.getValue().acquire();
        wiring.held.add(entry.getValue());
        wiring.wires.add(new Wire(source, entry.getKey()));
      }
      return wiring;
    } catch (IOException e) {
      wiring.close();
      throw new IOException("a descriptor meant for a child is closed already", e);
    }
  }

  /**
   * Puts every descriptor in its place, close-on-exec no longer.
   *
   * <p>Directly would be wrong: with 3 to become 4 and 4 to become 3, the first step overwrites the
   * second's source. So all move out of the way first, above every number that matters. That
   * happens in the child, where the numbers up there belong to nobody; and this process, which may
   * be killed or start another program at any moment, never has more descriptors than its own.
   */
  void connect(FileActions actions) throws IOException {
    int spare = firstSpare();
    for (Wire wire : wires) {
      actions.duplicate(wire.source(), spare++);
    }
    spare = firstSpare();
    for (Wire wire : wires) {
      actions.duplicate(spare, wire.target());
      actions.close(spare++);
    }
  }

  private int firstSpare() {
    return 1 + wires.stream().mapToInt(w -> Math.max(w.source(), w.target())).max().orElse(2);
  }

  /**
   * Closes the numbers between those that are given, in a child that closes all above by itself.
   *
   * @return the lowest number above all those that are given
   */
  int closeGaps(FileActions actions) throws IOException {
    int next = 3;
    for (Wire wire : wires) {
      for (; next < wire.target(); next++) {
        actions.close(next);
      }
      next = Math.max(next, wire.target() + 1);
    }
    return next;
  }

  @Override
  public void close() {
    held.forEach(Descriptor::release);
    held.clear();
  }
}
