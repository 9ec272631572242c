package dev.topology.plan.qemu;

import dev.topology.model.PortForward;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sockets of QEMU's user-mode network, as {@code info usernet} lists them. QEMU 7.2 says
 *
 * <pre>{@code
 * Hub -1 (eth0):
 *   Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
 *   TCP[ESTABLISHED]   16       127.0.0.1 46539      10.42.0.10    22     0     0
 *   TCP[SYN_SENT]      13       127.0.0.1 46539      10.42.0.10    22     0     0
 *   TCP[HOST_FORWARD]  12       127.0.0.1 46539      10.42.0.10    22     0     0
 *   UDP[HOST_FORWARD]  11               * 59094      10.42.0.10    53     0     0
 * }</pre>
 *
 * Here the host port 46539 leads to port 22 of the guest. A connection through it has the forwarded
 * port as its source, never the port it was made from. QEMU accepts it whatever the guest does; it
 * stays in SYN_SENT until the guest answers, is gone (and ended) once the guest refuses, and is
 * ESTABLISHED once the guest accepted. One that waits is asked again at ever longer intervals, so
 * that it takes seconds to notice that the port has opened: a client that waits should connect
 * again.
 *
 * @param sockets in the order listed
 */
public record UserNetwork(List<Socket> sockets) {

  private static final Pattern ROW =
      Pattern.compile(
          "\\s*(?<protocol>\\w+)\\[(?<state>[^\\]]*)\\]\\s+(?<fd>-?\\d+)"
              + "\\s+(?<source>\\S+)\\s+(?<sourcePort>\\d+)"
              + "\\s+(?<dest>\\S+)\\s+(?<destPort>\\d+)(\\s.*)?");

  public UserNetwork {
    sockets = List.copyOf(sockets);
  }

  /**
   * One socket.
   *
   * @param protocol in lower case: {@code tcp}, {@code udp}
   * @param state a state of TCP, {@code HOST_FORWARD}, or how long a UDP socket is kept
   * @param descriptor QEMU's, or -1
   * @param sourceAddress {@code *} for any
   * @param sourcePort 0 to 65535
   * @param destAddress the guest's, where the host connects
   * @param destPort 0 to 65535
   */
  public record Socket(
      String protocol,
      String state,
      int descriptor,
      String sourceAddress,
      int sourcePort,
      String destAddress,
      int destPort) {

    private static final String FORWARD = "HOST_FORWARD";

    /** States that TCP can be in without the guest ever having answered. */
    private static final Set<String> UNANSWERED =
        Set.of(FORWARD, "NONE", "CLOSED", "LISTEN", "SYN_SENT", "SYN_RECEIVED");

    boolean forwards(PortForward forward) {
      return state.equals(FORWARD)
          && protocol.startsWith(forward.protocol().toString())
          && destPort == forward.guestPort()
          && (sourceAddress.equals("*") || sourceAddress.equals(forward.hostAddress().toString()))
          && forward.hostPort().orElse(sourcePort) == sourcePort;
    }

    boolean wasAccepted() {
      return protocol.startsWith("tcp") && !UNANSWERED.contains(state);
    }
  }

  /** Reads the listing. Lines that are none of its rows, such as the headings, are passed over. */
  public static UserNetwork parse(String listing) {
    return new UserNetwork(
        listing
            .lines()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(UserNetwork::socket)
            .toList());
  }

  private static Socket socket(Matcher row) {
    return new Socket(
        row.group("protocol").toLowerCase(Locale.ROOT),
        row.group("state").strip(),
        Integer.parseInt(row.group("fd")),
        row.group("source"),
        Integer.parseInt(row.group("sourcePort")),
        row.group("dest"),
        Integer.parseInt(row.group("destPort")));
  }

  /** The host port that a forward is bound to: the one the kernel chose, where it was to choose. */
  public OptionalInt hostPort(PortForward forward) {
    return sockets.stream()
        .filter(socket -> socket.forwards(forward))
        .mapToInt(Socket::sourcePort)
        .findFirst();
  }

  /**
   * Whether the guest accepted a TCP connection that came through a host port, even if it has been
   * closed since.
   */
  public boolean guestAccepted(int hostPort, int guestPort) {
    return sockets.stream()
        .filter(Socket::wasAccepted)
        .anyMatch(socket -> socket.sourcePort() == hostPort && socket.destPort() == guestPort);
  }
}
