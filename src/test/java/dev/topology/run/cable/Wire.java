package dev.topology.run.cable;

import dev.topology.model.Cable.Shaper;
import dev.topology.model.Shaping;
import dev.topology.posix.Datagrams;
import dev.topology.posix.NativeBlock;
import dev.topology.posix.Poll;
import dev.topology.posix.SocketPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A shaper with the tests at both of its ends, where otherwise the QEMUs are. */
final class Wire implements AutoCloseable {

  private final SocketPair left;
  private final SocketPair right;
  private final CableShaper shaper;
  private final NativeBlock outgoing = new NativeBlock(Datagrams.LONGEST);
  private final NativeBlock incoming = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);

  private Wire(SocketPair left, SocketPair right, CableShaper shaper) {
    this.left = left;
    this.right = right;
    this.shaper = shaper;
  }

  static Wire of(Shaping shaping, long seed) throws IOException {
    SocketPair left = SocketPair.datagram();
    SocketPair right = SocketPair.datagram();
    Shaper model = new Shaper(shaping, seed);
    Wire wire = new Wire(left, right, CableShaper.of("test", model, left.near(), right.near()));
    wire.shaper.start();
    return wire;
  }

  CableShaper shaper() {
    return shaper;
  }

  /** Sends a frame of so many bytes, all of them {@code mark}, as the left guest. */
  void send(int mark, int length) throws IOException {
    for (int at = 0; at < length; at++) {
      outgoing.bytes().put(at, (byte) mark);
    }
    Datagrams frame = Datagrams.toSend();
    frame.add(outgoing, 0, length);
    try (Poll poll = new Poll(List.of(left.far()))) {
      poll.interest(0, false, true);
      while (frame.send(left.far(), 0) == 0) {
        poll.await(-1);
      }
    }
  }

  /** The next frames that the right guest gets, as soon as there are so many. */
  List<byte[]> receive(int count) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    try (Poll poll = new Poll(List.of(right.far()))) {
      poll.interest(0, true, false);
      while (frames.size() < count) {
        poll.await(-1);
        frames.addAll(receiveWhatIsThere());
      }
    }
    return frames;
  }

  private List<byte[]> receiveWhatIsThere() throws IOException {
    List<byte[]> frames = new ArrayList<>();
    Datagrams batch = Datagrams.into(incoming);
    batch.receive(right.far());
    for (int at = 0; at < batch.count(); at++) {
      byte[] frame = new byte[batch.length(at)];
      incoming.bytes().get(at * Datagrams.LONGEST, frame);
      frames.add(frame);
    }
    return frames;
  }

  /** The marks of the next so many frames. */
  List<Integer> marks(int count) throws IOException {
    return receive(count).stream().map(frame -> frame[0] & 0xff).toList();
  }

  @Override
  public void close() {
    shaper.close();
    left.close();
    right.close();
  }
}
