package dev.topology.plan.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.IpAddress;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.plan.qemu.UserNetwork.Socket;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** With what QEMU 7.2 (libslirp 4.7) said of a guest that came up. */
class UserNetworkTest {

  private static final String BEFORE =
      """
      Hub -1 (eth0):
        Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
        TCP[SYN_SENT]      13       127.0.0.1 46539      10.42.0.10    22     0     0
        TCP[HOST_FORWARD]  12       127.0.0.1 46539      10.42.0.10    22     0     0
        TCP[HOST_FORWARD]   3               * 43031      10.42.0.10    80     0     0
        UDP[HOST_FORWARD]  11       127.0.0.1 59094      10.42.0.10    53     0     0
      """;

  private static final String AFTER =
      """
      Hub -1 (eth0):
        Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
        TCP[CLOSE_WAIT]    -1      10.42.0.10 50930     10.42.0.100  5000     0     0
        TCP[ESTABLISHED]   16       127.0.0.1 46539      10.42.0.10    22     0     0
        TCP[SYN_SENT]      13       127.0.0.1 46539      10.42.0.10    22     0     0
        TCP[HOST_FORWARD]  12       127.0.0.1 46539      10.42.0.10    22     0     0
        TCP[HOST_FORWARD]   3               * 43031      10.42.0.10    80     0     0
        UDP[236 sec]       18      10.42.0.10 40611       10.42.0.3    53     0     0
        UDP[HOST_FORWARD]  11       127.0.0.1 59094      10.42.0.10    53     0     0
      """;

  @Test
  void readsEveryRow() {
    assertThat(UserNetwork.parse(AFTER).sockets())
        .hasSize(7)
        .startsWith(new Socket("tcp", "CLOSE_WAIT", -1, "10.42.0.10", 50930, "10.42.0.100", 5000))
        .contains(new Socket("udp", "236 sec", 18, "10.42.0.10", 40611, "10.42.0.3", 53))
        .contains(new Socket("tcp", "HOST_FORWARD", 3, "*", 43031, "10.42.0.10", 80));
  }

  @Test
  void tellsThePortsThatTheKernelChose() {
    UserNetwork network = UserNetwork.parse(BEFORE);

    assertThat(network.hostPort(forward(Protocol.TCP, 22))).hasValue(46539);
    assertThat(network.hostPort(forward(Protocol.TCP, 80))).hasValue(43031);
    assertThat(network.hostPort(forward(Protocol.UDP, 53))).hasValue(59094);
    assertThat(network.hostPort(forward(Protocol.TCP, 53))).isEmpty();
  }

  @Test
  void isNotFooledByAConnectionThatOnlyQemuAccepted() {
    assertThat(UserNetwork.parse(BEFORE).guestAccepted(46539, 22)).isFalse();
    assertThat(UserNetwork.parse(AFTER).guestAccepted(46539, 22)).isTrue();
  }

  @Test
  void looksAtBothPortsOfAConnection() {
    UserNetwork network = UserNetwork.parse(AFTER);

    assertThat(network.guestAccepted(46539, 80)).isFalse();
    assertThat(network.guestAccepted(43031, 22)).isFalse();
    assertThat(network.guestAccepted(40611, 53)).as("UDP").isFalse();
  }

  @Test
  void findsAForwardOfAnAddressAndPortThatWereChosen() {
    UserNetwork network = UserNetwork.parse(BEFORE);
    IpAddress other = IpAddress.parse("127.0.0.2").orElseThrow();

    assertThat(network.hostPort(forward(IpAddress.LOOPBACK, 46539))).hasValue(46539);
    assertThat(network.hostPort(forward(IpAddress.LOOPBACK, 46540))).isEmpty();
    assertThat(network.hostPort(forward(other, 46539))).isEmpty();
  }

  private static PortForward forward(IpAddress address, int hostPort) {
    return new PortForward(Protocol.TCP, 22, address, OptionalInt.of(hostPort));
  }

  @Test
  void seesThatTheGuestAcceptedAConnectionThatHasEndedSince() {
    UserNetwork network =
        UserNetwork.parse(
            "  TCP[TIME_WAIT]     16       127.0.0.1 46539      10.42.0.10    22     0     0\n");

    assertThat(network.guestAccepted(46539, 22)).isTrue();
  }

  @Test
  void readsIpv6RowsAsWell() {
    UserNetwork network =
        UserNetwork.parse("  TCP6[HOST_FORWARD]  12  [::1] 46539  [fec0::15]  22  0  0\n");

    assertThat(network.sockets())
        .containsExactly(new Socket("tcp6", "HOST_FORWARD", 12, "[::1]", 46539, "[fec0::15]", 22));
    assertThat(network.hostPort(forward(Protocol.TCP, 22))).isEmpty();
  }

  @Test
  void tellsForwardsOfTheSameGuestPortApart() {
    UserNetwork network =
        UserNetwork.parse(
            """
              TCP[HOST_FORWARD]  12       127.0.0.2  8080      10.42.0.10    80     0     0
              TCP[HOST_FORWARD]  13       127.0.0.1 40001      10.42.0.10    80     0     0
            """);

    assertThat(network.hostPort(forward(Protocol.TCP, 80))).hasValue(40001);
  }

  @Test
  void findsNothingInAnotherText() {
    assertThat(UserNetwork.parse("unknown command: 'info usernet'\n").sockets()).isEmpty();
  }

  private static PortForward forward(Protocol protocol, int guestPort) {
    return new PortForward(protocol, guestPort, IpAddress.LOOPBACK, OptionalInt.empty());
  }
}
