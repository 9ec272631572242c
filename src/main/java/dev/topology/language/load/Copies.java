package dev.topology.language.load;

import dev.topology.source.Location;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The nodes that come of one with a {@code count}: {@code worker-1}, {@code worker-2} …
 *
 * @param base the name as written, which is the name of none of them
 * @param count how many there are; empty where that could not be read, which has been reported
 * @param location of the name
 */
record Copies(String base, OptionalInt count, Location location) {

  /** What stands for all of them in a list. */
  String wildcard() {
    return base + NodeNames.WILDCARD;
  }

  /** Their names, in order. */
  List<String> names() {
    return IntStream.rangeClosed(1, count.orElse(0)).mapToObj(this::name).toList();
  }

  String name(int number) {
    return base + "-" + number;
  }

  /** Whether a name is made like theirs, whatever its number. */
  boolean mayInclude(String name) {
    return name.startsWith(base + "-") && name.substring(base.length() + 1).matches("[0-9]+");
  }

  /** {@code worker-1 to worker-8}. */
  String range() {
    int last = count.orElse(1);
    return last == 1 ? name(1) : name(1) + " to " + name(last);
  }
}
