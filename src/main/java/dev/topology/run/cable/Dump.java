package dev.topology.run.cable;

import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.NamedPipe;
import dev.topology.run.cable.CaptureFile.Pcap;
import dev.topology.run.node.Closing;
import dev.topology.run.node.QmpClient;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What one QEMU writes down of one of its cables, read by a thread of its own through a pipe. A
 * file would fill the disk; QEMU waits when the pipe is full, so the thread does nothing but read.
 */
final class Dump implements AutoCloseable {

  private static final long ANSWER_SECONDS = 10;

  private final String id;
  private final QmpClient qmp;
  private final NamedPipe pipe;
  private final Capture capture;
  private final CompletableFuture<QmpMessage.Return> added;
  private final Thread thread;

  private Dump(
      String id,
      QmpClient qmp,
      NamedPipe pipe,
      Capture capture,
      CompletableFuture<QmpMessage.Return> added) {
    this.id = id;
    this.qmp = qmp;
    this.pipe = pipe;
    this.capture = capture;
    this.added = added;
    this.thread = new Thread(this::read, "dump-" + id);
    thread.setDaemon(true);
  }

  /**
   * Has QEMU begin. Returns at once; commands that it is given after this see it begun.
   *
   * @param id unique in this QEMU, and among the pipes in {@code directory}
   * @throws IOException if the pipe cannot be made
   */
  static Dump begin(String id, String netdev, Path directory, QmpClient qmp, Capture capture)
      throws IOException {
    NamedPipe pipe = NamedPipe.create(directory.resolve(id + ".pipe"));
    Dump dump =
        new Dump(id, qmp, pipe, capture, qmp.execute(QmpCommand.dump(id, netdev, pipe.path())));
    dump.thread.start();
    return dump;
  }

  /** Whether that is the QEMU. */
  boolean isOf(QmpClient other) {
    return qmp.equals(other);
  }

  /** Completes when QEMU has begun; exceptionally, if it refuses or is gone. */
  CompletableFuture<QmpMessage.Return> begun() {
    return added;
  }

  private void read() {
    try (InputStream input = open()) {
      new QemuDump(input, capture).read();
    } catch (IOException e) {
      capture.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opens the pipe, and removes its file once QEMU has opened it as well. */
  private InputStream open() throws IOException, InterruptedException {
    try (pipe) {
      added.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return pipe.read();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("QEMU does not write it down: " + e.getMessage(), e);
    }
  }

  /** Has QEMU end it, if it is still there, and waits until all of it is read. */
  @Override
  public void close() {
    var unused = qmp.execute(QmpCommand.endDump(id));
    Closing.join(thread);
  }

  /**
   * Reads the pcap that QEMU's filter-dump writes, and puts its clock right.
   *
   * <p>QEMU stamps a frame with the time at which the dump began, in whole seconds, plus the time
   * that the guest has run since it was started (net/dump.c): a constant away from the real time,
   * until the guest is paused. The frame that was read soonest after its stamp gives that constant;
   * a frame that seems to have taken very long shows that the guest was paused.
   */
  static final class QemuDump {

    private static final long HELD_MICROS = 100_000;

    private final DataInputStream input;
    private final Capture capture;
    private final byte[] head = new byte[Pcap.RECORD_HEADER_BYTES];
    private final byte[] frame = new byte[Pcap.LONGEST_FRAME];
    private long offsetMicros = Long.MAX_VALUE;

    /** Reads from {@code input}, which stays the caller's to close. */
    QemuDump(InputStream input, Capture capture) {
      this.input = new DataInputStream(input);
      this.capture = capture;
    }

    /** Reads until the end, and as fast as it comes. */
    void read() throws IOException {
      input.readFully(new byte[Pcap.HEADER_BYTES]);
      try {
        while (true) {
          readRecord();
        }
      } catch (EOFException end) {
        // QEMU has removed the dump, or ended.
      }
    }

    private void readRecord() throws IOException {
      input.readFully(head);
      ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.nativeOrder());
      long stamp = Integer.toUnsignedLong(header.getInt()) * 1_000_000L + header.getInt();
      int length = header.getInt();
      if (length < 0 || length > frame.length) {
        throw new IOException("QEMU's dump is out of step: a frame of " + length + " bytes");
      }
      input.readFully(frame, 0, length);
      if (!FrameSockets.isPlug(frame, length)) {
        capture.offer(corrected(stamp), ByteBuffer.wrap(frame), 0, length);
      }
    }

    private long corrected(long stamp) {
      long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
      boolean wasHeld = offsetMicros != Long.MAX_VALUE && now - stamp - offsetMicros > HELD_MICROS;
      offsetMicros = wasHeld ? now - stamp : Math.min(offsetMicros, now - stamp);
      return stamp + offsetMicros;
    }
  }
}
