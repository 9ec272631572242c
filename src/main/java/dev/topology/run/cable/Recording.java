package dev.topology.run.cable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way into a file or to a reader, written by a thread of their own. Offering a
 * frame never waits: one for which there is no room, as the reader is slow or has gone, is dropped
 * and counted. Thread-safe.
 */
public final class Recording implements AutoCloseable {

  /** Several seconds of a busy reader, or 80 milliseconds of a full cable. */
  private static final int MOST_BYTES = 4 << 20;

  private static final int FIRST_BYTES = 64 << 10;
  private static final long CLOSE_MILLIS = 2000;

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

  private Recording(String name, Target target) {
    this.target = target;
    this.writer = new Thread(this::write, "capture-" + name);
    writer.setDaemon(true);
    writer.start();
  }

  /**
   * Begins a {@link CaptureFile}; the capture that was in it is gone.
   *
   * @param name what is recorded, for the name of the thread
   * @throws CaptureFile.UnfitException if it is there and is no capture
   */
  public static Recording into(Path file, String name) throws IOException {
    return new Recording(name, Target.file(file));
  }

  /**
   * Begins to write to a stream, at once and flushed whenever there is something to read. The
   * stream stays the caller's to close.
   *
   * @param name what is recorded, for the name of the thread
   */
  public static Recording into(OutputStream stream, String name) {
    return new Recording(name, Target.stream(stream));
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds a frame. Never blocks. */
  public void offer(long epochMicros, ByteBuffer memory, int offset, int length) {
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

  /** Writes no more, for a reason that its source has. */
  public void fail(IOException because) {
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

  /** How many frames had to be left out. */
  public long dropped() {
    synchronized (lock) {
      return dropped;
    }
  }

  /** Why no more is written, if writing failed. */
  public Optional<IOException> failure() {
    synchronized (lock) {
      return Optional.ofNullable(failure);
    }
  }

  /** Completes when nothing is written any more: after {@link #close}, or when writing failed. */
  public CompletableFuture<Void> ended() {
    return ended.copy();
  }

  /**
   * Takes no more, and waits until what was offered is written: two seconds at the most, after
   * which a reader that does not read is given up.
   */
  @Override
  public void close() {
    synchronized (lock) {
      closing = true;
      lock.notifyAll();
    }
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (writer.isAlive()) {
      writer.interrupt();
    }
  }

  /** Where a recording goes. Used by one thread at a time. */
  interface Target extends AutoCloseable {

    /** Writes whole records, all of them; may block. */
    void write(ByteBuffer records) throws IOException;

    @Override
    void close() throws IOException;

    /**
     * A {@link CaptureFile}, begun anew. What could not be written whole is taken back, so that it
     * stays readable.
     */
    static Target file(Path file) throws IOException {
      FileChannel channel = CaptureFile.open(file, false);
      return new Target() {
        private long written;

        @Override
        public void write(ByteBuffer records) throws IOException {
          try {
            int size = records.remaining();
            while (records.hasRemaining()) {
              channel.write(records);
            }
            written += size;
          } catch (IOException e) {
            takeBack(e);
            throw e;
          }
        }

        private void takeBack(IOException because) {
          try {
            channel.truncate(written);
          } catch (IOException worse) {
            because.addSuppressed(worse);
          }
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }

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
