package dev.topology.run.cable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The captures of one cable, and what each gets its frames from: a tap in this program, or the QEMU
 * at the left end of the cable, which dumps them. Thread-safe.
 */
final class CableCaptures {

  private final Map<Capture, Optional<FrameTap>> sources = new ConcurrentHashMap<>();

  /** Has a capture write what passes a tap; without one, a QEMU is to dump it. */
  void add(Capture capture, Optional<FrameTap> tap) {
    sources.put(capture, tap);
    tap.ifPresent(it -> it.add(capture));
  }

  /** A capture has ended. */
  void remove(Capture capture) {
    Optional<FrameTap> source = sources.remove(capture);
    if (source != null) {
      source.ifPresent(it -> it.remove(capture));
    }
  }

  /** Nothing passes a tap any more: its captures get their frames elsewhere from now on. */
  void move(FrameTap from, Optional<FrameTap> to) {
    for (Capture capture : all()) {
      if (Optional.of(from).equals(sources.get(capture))) {
        add(capture, to);
      }
    }
  }

  /** Those that a QEMU is to dump. */
  List<Capture> dumped() {
    return all().stream()
        .filter(it -> sources.getOrDefault(it, Optional.empty()).isEmpty())
        .toList();
  }

  List<Capture> all() {
    return List.copyOf(sources.keySet());
  }
}
