package dev.topology.run.cable;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Reads the pcap that QEMU's filter-dump writes, and puts its clock right.
 *
 * <p>QEMU stamps a frame with the time at which the dump began, in whole seconds, plus the time
 * that the guest has run since it was started (net/dump.c): a constant away from the truth, until
 * the guest is held. The frame that was read soonest after its stamp tells that constant; a frame
 * that seems to have taken very long tells that the guest was held.
 */
public final class QemuDump {

  private static final long HELD_MICROS = 100_000;

  private final DataInputStream input;
  private final Recording recording;
  private final byte[] head = new byte[Pcap.RECORD_HEADER_BYTES];
  private final byte[] frame = new byte[Pcap.LONGEST_FRAME];
  private long offsetMicros = Long.MAX_VALUE;

  /** Reads from {@code input}, which stays the caller's to close. */
  public QemuDump(InputStream input, Recording recording) {
    this.input = new DataInputStream(input);
    this.recording = recording;
  }

  /** Reads until the end, and as fast as it comes. */
  public void read() throws IOException {
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
    recording.offer(corrected(stamp), ByteBuffer.wrap(frame), 0, length);
  }

  private long corrected(long stamp) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    boolean wasHeld = offsetMicros != Long.MAX_VALUE && now - stamp - offsetMicros > HELD_MICROS;
    offsetMicros = wasHeld ? now - stamp : Math.min(offsetMicros, now - stamp);
    return stamp + offsetMicros;
  }
}
