package dev.topology.run.cable;

import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.Reasons;
import dev.topology.run.cable.CaptureFile.Pcap;
import dev.topology.run.node.Closing;
import dev.topology.run.node.QmpClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Frames of a cable that are written down as pcap, as they pass its left end: those that it sends,
 * as it sends them, and those that it gets, as it gets them.
 *
 * <p>A thread of its own writes them into a file or to a reader. Offering a frame never waits: one
 * for which there is no room, as the disk or the reader is too slow or has failed, is dropped and
 * counted, at no cost to the cable. A capture goes on until it is closed, the run is over, or
 * nothing more can be written. Thread-safe.
 */
public final class Capture implements AutoCloseable {

  /** Several seconds of a busy reader, or 80 milliseconds of a full cable. */
  private static final int MOST_BYTES = 4 << 20;

  private static final int FIRST_BYTES = 64 << 10;

  private final Target target;
  private final Thread writer;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Object lock = new Object();
  private ByteBuffer filling = buffer(FIRST_BYTES);
  private ByteBuffer spare = buffer(FIRST_BYTES);
  private int fillingFrames;
  private boolean closing;
  private long frames;
  private long dropped;
  private @Nullable IOException failure;

  private volatile Optional<CableHost> cable = Optional.empty();
  private @Nullable Dump dump;

  private Capture(String cable, Target target) {
    this.target = target;
    this.writer = new Thread(this::write, "capture-" + cable);
    writer.setDaemon(true);
    writer.start();
  }

  /**
   * Begins a {@link CaptureFile}; the capture that was in it is gone.
   *
   * @param cable its name, for the name of the thread
   * @throws CaptureFile.UnfitException if it is there and is no capture
   */
  public static Capture into(Path file, String cable) throws IOException {
    return new Capture(cable, CaptureFile.target(file));
  }

  /**
   * Begins to write to a stream, at once and flushed whenever there is something to read. The
   * stream stays the caller's to close.
   *
   * @param cable its name, for the name of the thread
   */
  public static Capture into(OutputStream stream, String cable) {
    return new Capture(cable, Target.stream(stream));
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Says which cable it is of, so that it is ended with it. */
  void isOf(CableHost host) {
    cable = Optional.of(host);
  }

  /**
   * Has a QEMU, which may be newly started, dump the frames that are to be written; once.
   *
   * @param id unique in this QEMU, and among the pipes in {@code directory}
   * @return completes when QEMU has begun; exceptionally, if it refuses or is gone
   * @throws IOException if a pipe to it cannot be made
   */
  synchronized CompletableFuture<QmpMessage.Return> dumpFrom(
      QmpClient qmp, String id, String netdev, Path directory) throws IOException {
    Dump present = dump;
    if (present == null || !present.isOf(qmp)) {
      present = Dump.begin(id, netdev, directory, qmp, this);
      dump = present;
    }
    return present.begun();
  }

  /** Adds a frame. Never blocks. */
  void offer(long epochMicros, ByteBuffer memory, int offset, int length) {
    synchronized (lock) {
      if (closing || failure != null || !makeRoom(Pcap.RECORD_HEADER_BYTES + length)) {
        dropped++;
        return;
      }
      Pcap.putRecord(filling, epochMicros, memory, offset, length);
      fillingFrames++;
      lock.notifyAll();
    }
  }

  private boolean makeRoom(int size) {
    if (filling.remaining() >= size) {
      return true;
    }
    int wanted = filling.capacity();
    while (wanted - filling.position() < size && wanted < MOST_BYTES) {
      wanted *= 2;
    }
    if (wanted - filling.position() < size) {
      return false;
    }
    filling = buffer(wanted).put(filling.flip());
    return true;
  }

  private void write() {
    try (target) {
      target.write(Pcap.header());
      while (awaitFrames()) {
        int count;
        ByteBuffer full;
        synchronized (lock) {
          full = filling;
          count = fillingFrames;
          filling = spare.clear();
          fillingFrames = 0;
          spare = full;
        }
        write(full.flip(), count);
      }
    } catch (IOException e) {
      fail(e);
    } catch (InterruptedException e) {
      fail(new IOException("its reader is too slow: gave up waiting for it"));
    } finally {
      ended.complete(null);
    }
  }

  private void write(ByteBuffer records, int count) throws IOException {
    try {
      target.write(records);
    } catch (IOException e) {
      synchronized (lock) {
        dropped += count;
      }
      throw e;
    }
    synchronized (lock) {
      frames += count;
    }
  }

  /** Whether there are any to write, or will not be. */
  private boolean awaitFrames() throws InterruptedException {
    synchronized (lock) {
      while (fillingFrames == 0 && !closing) {
        lock.wait();
      }
      return fillingFrames > 0;
    }
  }

  /** Ends it for a reason that lies with its source. */
  void fail(IOException because) {
    synchronized (lock) {
      if (failure == null) {
        failure = because;
      }
      dropped += fillingFrames;
      fillingFrames = 0;
      closing = true;
      lock.notifyAll();
    }
  }

  /** How many frames have been written. */
  public long frames() {
    synchronized (lock) {
      return frames;
    }
  }

  /** How many frames are missing, as the disk or the reader was too slow, or failed. */
  public long dropped() {
    synchronized (lock) {
      return dropped;
    }
  }

  /** Why nothing more is written, if writing has failed. */
  public Optional<String> failure() {
    synchronized (lock) {
      return Optional.ofNullable(failure).map(Reasons::of);
    }
  }

  /** Completes when nothing is written any more: it was closed, or writing has failed. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /** Runs an action once nothing is written any more, by the thread that wrote. */
  public void onEnd(Runnable action) {
    var unused = ended.thenRun(action);
  }

  /**
   * Ends it. What has passed until now is written when this returns, which takes milliseconds; a
   * reader that does not read is given up after two seconds. Closing again does nothing.
   */
  @Override
  public void close() {
    cable.ifPresent(it -> it.remove(this));
    endDump();
    synchronized (lock) {
      closing = true;
      lock.notifyAll();
    }
    Closing.join(writer);
    if (writer.isAlive()) {
      writer.interrupt();
    }
  }

  private synchronized void endDump() {
    if (dump != null) {
      dump.close();
      dump = null;
    }
  }

  /** Where a capture goes. Used by one thread at a time. */
  interface Target extends AutoCloseable {

    /** Writes whole records, all of them; may block. */
    void write(ByteBuffer records) throws IOException;

    @Override
    void close() throws IOException;

    /** A reader's stream, which stays the caller's to close. */
    static Target stream(OutputStream stream) {
      return new Target() {
        @Override
        public void write(ByteBuffer records) throws IOException {
          stream.write(
              records.array(), records.arrayOffset() + records.position(), records.remaining());
          stream.flush();
        }

        @Override
        public void close() throws IOException {
          stream.flush();
        }
      };
    }
  }
}
