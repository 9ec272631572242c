package dev.topology.run.cable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.posix.Datagrams;
import dev.topology.posix.NativeBlock;
import dev.topology.posix.Poll;
import dev.topology.posix.SocketPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cables that lead to switches, with the tests at their other ends, where QEMUs are otherwise. */
final class Ends implements AutoCloseable {

  static final String ALL = "ff:ff:ff:ff:ff:ff";
  private static final int HEADER = 14;
  private static final int SHORTEST = 60;

  private final List<SocketPair> pairs = new ArrayList<>();
  private final List<SwitchPort> ports = new ArrayList<>();
  private final List<FrameSwitch> switches = new ArrayList<>();
  private final NativeBlock outgoing = new NativeBlock(Datagrams.LONGEST);
  private final NativeBlock incoming = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);

  /** A switch with so many ends, which is to be started. */
  FrameSwitch plugInto(int count) throws IOException {
    FrameSwitch each = new FrameSwitch("test-" + switches.size());
    switches.add(each);
    for (int at = 0; at < count; at++) {
      SocketPair pair = SocketPair.datagram();
      pairs.add(pair);
      ports.add(each.plug(pair.near()));
    }
    return each;
  }

  /** Cables two switches to each other. */
  void join(FrameSwitch left, FrameSwitch right) throws IOException {
    SocketPair pair = SocketPair.datagram();
    pairs.add(pair);
    ports.add(left.plug(pair.near()));
    right.plug(pair.far());
  }

  void start() throws IOException {
    for (FrameSwitch each : switches) {
      each.start();
    }
  }

  SwitchPort port(int end) {
    return ports.get(end);
  }

  /** Sends a frame with a text in it. */
  void send(int end, String source, String target, String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[Math.max(SHORTEST, HEADER + payload.length)];
    putAddress(frame, 0, target);
    putAddress(frame, 6, source);
    frame[12] = 8;
    System.arraycopy(payload, 0, frame, HEADER, payload.length);
    send(end, frame);
  }

  void send(int end, byte[] frame) throws IOException {
    for (int at = 0; at < frame.length; at++) {
      outgoing.bytes().put(at, frame[at]);
    }
    Datagrams batch = Datagrams.toSend();
    batch.add(outgoing, 0, frame.length);
    try (Poll poll = new Poll(List.of(pairs.get(end).far()))) {
      poll.interest(0, false, true);
      while (batch.send(pairs.get(end).far(), 0) == 0) {
        poll.await(-1);
      }
    }
  }

  private static void putAddress(byte[] frame, int offset, String address) {
    String[] bytes = address.split(":", -1);
    for (int at = 0; at < bytes.length; at++) {
      frame[offset + at] = (byte) Integer.parseInt(bytes[at], 16);
    }
  }

  /**
   * What an end gets, up to and with a text. Another frame to it with that text has to be sent
   * before: then all that came before it is there.
   */
  List<String> receiveUpTo(int end, String last) throws IOException {
    List<String> texts = new ArrayList<>();
    try (Poll poll = new Poll(List.of(pairs.get(end).far()))) {
      poll.interest(0, true, false);
      while (!texts.contains(last)) {
        poll.await(-1);
        Datagrams batch = Datagrams.into(incoming);
        batch.receive(pairs.get(end).far());
        for (int at = 0; at < batch.count(); at++) {
          byte[] frame = new byte[batch.length(at)];
          incoming.bytes().get(at * Datagrams.LONGEST, frame);
          assertThat(frame.length).isGreaterThanOrEqualTo(SHORTEST);
          texts.add(
              new String(Arrays.copyOfRange(frame, HEADER, frame.length), StandardCharsets.UTF_8)
                  .replace("\0", ""));
        }
      }
    }
    return texts;
  }

  @Override
  public void close() {
    switches.forEach(FrameSwitch::close);
    pairs.forEach(SocketPair::close);
  }
}
