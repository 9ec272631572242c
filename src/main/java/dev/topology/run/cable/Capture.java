package dev.topology.run.cable;

import dev.topology.posix.Reasons;
import dev.topology.run.node.QmpClient;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Frames of a cable being written down as pcap, as they pass its left end: those that it sends, as
 * it sends them, and those that it gets, as it gets them.
 *
 * <p>It goes on until it is closed, or the run is over, or nothing more can be written. A slow
 * reader, or a full disk, costs frames of the capture and nothing else: {@link #dropped} tells.
 * Thread-safe.
 */
public final class Capture implements AutoCloseable {

  private final Recording recording;
  private final Optional<CableShaper> shaper;
  private final Consumer<Capture> forget;
  private @Nullable Dump dump;

  Capture(Recording recording, Optional<CableShaper> shaper, Consumer<Capture> forget) {
    this.recording = recording;
    this.shaper = shaper;
    this.forget = forget;
    shaper.ifPresent(it -> it.add(recording));
  }

  /** Begins something that QEMU is to dump for this capture. */
  interface Source {
    Dump begin(Recording recording) throws IOException;
  }

  /** Makes a QEMU, which may be newly started, dump what this capture writes; once. */
  synchronized Dump dumpFrom(QmpClient qmp, Source source) throws IOException {
    Dump present = dump;
    if (present != null && present.isOf(qmp)) {
      return present;
    }
    Dump begun = source.begin(recording);
    dump = begun;
    return begun;
  }

  /** Runs an action once nothing is written any more, by the thread that wrote. */
  public void onEnd(Runnable action) {
    var unused = recording.ended().thenRun(action);
  }

  /** Ends it for a reason that lies with its source. */
  void fail(IOException because) {
    recording.fail(because);
  }

  /** How many frames have been written. */
  public long frames() {
    return recording.frames();
  }

  /** How many frames are missing, as the disk or the reader was too slow, or failed. */
  public long dropped() {
    return recording.dropped();
  }

  /** Why nothing more is written, if writing has failed. */
  public Optional<String> failure() {
    return recording.failure().map(Reasons::of);
  }

  /** Completes when nothing is written any more, for whatever reason. */
  public CompletableFuture<Void> ended() {
    return recording.ended();
  }

  /**
   * Ends it. What has passed until now is written when this returns, which takes milliseconds; a
   * reader that does not read is given up after two seconds. Closing again does nothing.
   */
  @Override
  public void close() {
    forget.accept(this);
    endDump();
    shaper.ifPresent(it -> it.remove(recording));
    recording.close();
  }

  private synchronized void endDump() {
    if (dump != null) {
      dump.close();
      dump = null;
    }
  }
}
