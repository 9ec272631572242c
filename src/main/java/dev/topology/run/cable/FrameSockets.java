package dev.topology.run.cable;

import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.NativeBlock;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Takes frames out of the sockets of cables, and puts them back. Not thread-safe.
 *
 * <p>A QEMU whose guest is held still reads one frame of each cable, and keeps it: it would be
 * missing in what is saved. So it is given a <i>plug</i> to keep, a frame that is for nobody:
 * bridges pass nothing on that is for the address of MAC control frames (IEEE 802.1Q, 8.6.3), a
 * network card that does not listen to everything does not take it, and its type is one for
 * experiments.
 */
public final class FrameSockets {

  private static final int SHORTEST_FRAME = 60;
  private static final byte[] PLUG = plug();

  private final NativeBlock memory = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);
  private final Datagrams received = Datagrams.into(memory);
  private final Datagrams sent = Datagrams.toSend();

  private static byte[] plug() {
    byte[] head = {
      1, (byte) 0x80, (byte) 0xC2, 0, 0, 1, 2, 0, 0, 0, 0, 0, (byte) 0x88, (byte) 0xB5
    };
    return Arrays.copyOf(head, SHORTEST_FRAME);
  }

  /** Whether a frame is a plug. */
  static boolean isPlug(byte[] bytes, int length) {
    return Arrays.equals(bytes, 0, length, PLUG, 0, PLUG.length);
  }

  /** Takes all frames that an end is to read; plugs are dropped. */
  void take(Descriptor end, Consumer<byte[]> taker) throws IOException {
    int count;
    do {
      count = received.receive(end);
      for (int at = 0; at < count; at++) {
        byte[] frame = new byte[received.length(at)];
        memory.bytes().get(at * Datagrams.LONGEST, frame);
        if (!isPlug(frame, frame.length)) {
          taker.accept(frame);
        }
      }
    } while (count == Datagrams.CAPACITY);
  }

  /**
   * Sends a frame from an end to the other.
   *
   * @return whether there was room
   */
  boolean send(Descriptor from, byte[] frame) throws IOException {
    memory.bytes().put(0, frame);
    sent.clear();
    sent.add(memory, 0, frame.length);
    return sent.send(from, 0) > 0;
  }

  /** Whether an end has something to read. */
  static boolean isWaiting(Descriptor end) throws IOException {
    return Datagrams.isWaiting(end);
  }

  /** Sends a plug from an end to the other. */
  void plug(Descriptor from) throws IOException {
    send(from, PLUG);
  }
}
