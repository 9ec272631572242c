package dev.topology.run.cable;

import dev.topology.posix.NativeBlock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Shows the frames that pass the left end of a cable to whoever records them. Thread-safe. */
final class Passing implements FrameListener {

  private final List<Recording> recordings = new CopyOnWriteArrayList<>();

  void add(Recording recording) {
    recordings.add(recording);
  }

  void remove(Recording recording) {
    recordings.remove(recording);
  }

  @Override
  public void passes(NativeBlock memory, int offset, int length) {
    if (!recordings.isEmpty()) {
      long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      recordings.forEach(it -> it.offer(now, memory.bytes(), offset, length));
    }
  }
}
