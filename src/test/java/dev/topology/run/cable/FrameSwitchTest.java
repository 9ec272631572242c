package dev.topology.run.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.run.cable.FrameSwitch.FloodGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames through real switches, over real sockets. */
@Timeout(60)
class FrameSwitchTest {

  private static final String A = "02:00:00:00:00:0a";
  private static final String B = "02:00:00:00:00:0b";
  private static final String C = "02:00:00:00:00:0c";

  private final Ends ends = new Ends();

  @AfterEach
  void close() {
    ends.close();
  }

  private void startOneOf(int count) throws IOException {
    ends.plugInto(count);
    ends.start();
  }

  @Test
  void sendsWhatIsForAllToAllOthers() throws IOException {
    startOneOf(3);

    ends.send(0, A, Ends.ALL, "hello");
    ends.send(1, B, Ends.ALL, "last");

    assertThat(ends.receiveUpTo(2, "last")).containsExactly("hello", "last");
    assertThat(ends.receiveUpTo(1, "hello")).containsExactly("hello");
    assertThat(ends.receiveUpTo(0, "last")).containsExactly("last");
  }

  @Test
  void learnsWhereAnAddressIs() throws IOException {
    startOneOf(3);
    ends.send(1, B, Ends.ALL, "here");
    ends.receiveUpTo(0, "here");

    ends.send(0, A, B, "to b");
    ends.send(0, A, C, "to whom");
    ends.send(0, A, Ends.ALL, "last");

    assertThat(ends.receiveUpTo(1, "last")).containsExactly("to b", "to whom", "last");
    assertThat(ends.receiveUpTo(2, "last")).containsExactly("here", "to whom", "last");
  }

  @Test
  void followsAnAddressThatMoves() throws IOException {
    startOneOf(3);
    ends.send(1, B, Ends.ALL, "here");
    ends.receiveUpTo(0, "here");
    ends.send(2, B, Ends.ALL, "no, here");
    ends.receiveUpTo(0, "no, here");

    ends.send(0, A, B, "to b");
    ends.send(0, A, Ends.ALL, "last");

    assertThat(ends.receiveUpTo(2, "last")).containsExactly("here", "to b", "last");
    assertThat(ends.receiveUpTo(1, "last")).containsExactly("no, here", "last");
  }

  @Test
  void learnsOfEachVlanByItself() throws IOException {
    startOneOf(3);
    byte[] tagged = new byte[60];
    tagged[0] = (byte) 0xff;
    tagged[6] = 2;
    tagged[11] = 0x0b;
    tagged[12] = (byte) 0x81;
    tagged[15] = 7;
    ends.send(1, tagged);
    ends.send(2, B, Ends.ALL, "here");
    ends.receiveUpTo(0, "here");

    ends.send(0, A, B, "to b");
    ends.send(0, A, Ends.ALL, "last");

    assertThat(ends.receiveUpTo(2, "last")).endsWith("to b", "last");
    assertThat(ends.receiveUpTo(1, "last")).doesNotContain("to b");
  }

  @Test
  void keepsALoopOfSwitchesQuiet() throws IOException {
    FrameSwitch left = ends.plugInto(1);
    FrameSwitch right = ends.plugInto(1);
    ends.join(left, right);
    ends.join(left, right);
    ends.join(left, right);
    ends.start();

    for (int at = 0; at < 100; at++) {
      ends.send(0, A, Ends.ALL, "call " + at);
    }
    ends.send(0, A, Ends.ALL, "last");

    assertThat(ends.receiveUpTo(1, "last")).hasSize(101).doesNotHaveDuplicates();
    ends.send(1, B, A, "answer");
    assertThat(ends.receiveUpTo(0, "answer")).containsExactly("answer");
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> IntStream.of(2, 3, 4).anyMatch(it -> ends.port(it).fromCable().dropped() > 0));
  }

  @Test
  void boundsAStorm() {
    FloodGuard guard = new FloodGuard(2, 0);
    ByteBuffer frame = ByteBuffer.allocate(60);

    assertThat(passing(guard, frame, 0)).isEqualTo(FloodGuard.FLOODS_PER_SECOND);
    assertThat(passing(guard, frame, 500_000_000)).isEqualTo(FloodGuard.FLOODS_PER_SECOND / 2);
    assertThat(guard.lets(1, frame.putInt(0, -1), 0, 60, 500_000_000)).isTrue();
  }

  /** How many of many frames pass that come at the same time, each another. */
  private static int passing(FloodGuard guard, ByteBuffer frame, long now) {
    int passing = 0;
    for (int at = 0; at < 2 * FloodGuard.FLOODS_PER_SECOND; at++) {
      passing += guard.lets(0, frame.putInt(0, at), 0, 60, now) ? 1 : 0;
    }
    return passing;
  }

  @Test
  void carriesNothingAtACableThatIsCutAndForgetsWhatWasBehindIt() throws IOException {
    startOneOf(3);
    ends.send(1, B, Ends.ALL, "here");
    ends.receiveUpTo(0, "here");
    ends.port(1).setUp(false);

    ends.send(1, B, Ends.ALL, "unheard");
    await().atMost(Duration.ofMinutes(10)).until(() -> ends.port(1).fromCable().dropped() == 1);
    ends.send(0, A, B, "to b");
    ends.send(0, A, Ends.ALL, "last");

    assertThat(ends.receiveUpTo(2, "last")).containsExactly("here", "to b", "last");
    ends.port(1).setUp(true);
    ends.send(0, A, Ends.ALL, "again");
    assertThat(ends.receiveUpTo(1, "again")).containsExactly("again");
  }

  /** Whoever does not read loses frames, and holds nobody up. */
  @Test
  void passesOnToOthersWhenOneDoesNotRead() throws IOException {
    startOneOf(3);

    for (int at = 0; at < 2000; at++) {
      ends.send(0, A, Ends.ALL, "x".repeat(1400) + at);
      ends.receiveUpTo(1, "x".repeat(1400) + at);
    }

    assertThat(ends.port(2).toCable().dropped()).isPositive();
    assertThat(ends.port(1).toCable().dropped()).isZero();
  }

  @Test
  void knowsSoManyAddressesAndNoMore() {
    PortTable table = new PortTable(FrameSwitch.GOOD_NANOS);
    int many = 10 * PortTable.MOST;
    for (int address = 1; address <= many; address++) {
      table.learn(address, address % 7, address);
    }

    int known = 0;
    for (int address = 1; address <= many; address++) {
      int port = table.portOf(address, many);
      assertThat(port).isIn(PortTable.NOWHERE, address % 7);
      known += port == PortTable.NOWHERE ? 0 : 1;
    }
    assertThat(known).isBetween(PortTable.MOST / 2, PortTable.MOST);
    assertThat(table.portOf(many, many + FrameSwitch.GOOD_NANOS)).isEqualTo(many % 7);
    assertThat(table.portOf(many, many + FrameSwitch.GOOD_NANOS + 1)).isEqualTo(PortTable.NOWHERE);
  }
}
