package dev.topology.run.cable;

import dev.topology.posix.NativeBlock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Offers the frames that pass one end of a cable to its captures. Thread-safe. */
final class FrameTap {

  private final List<Capture> captures = new CopyOnWriteArrayList<>();

  /** Offers a capture what passes from now on. */
  void add(Capture capture) {
    captures.add(capture);
  }

  /** Offers it no more. A frame may still be on its way to it. */
  void remove(Capture capture) {
    captures.remove(capture);
  }

  /** A frame passes now. Never blocks, and does not keep the memory. */
  void passes(NativeBlock memory, int offset, int length) {
    if (!captures.isEmpty()) {
      long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      captures.forEach(it -> it.offer(now, memory.bytes(), offset, length));
    }
  }
}
