package dev.topology.model;

import java.nio.file.Path;

/**
 * A service of the host made reachable inside a guest over TCP: connections of the guest to the
 * guest address go to the target.
 *
 * @param guestAddress an IPv4 address in 10.42.0.0/24 that the guest connects to
 * @param guestPort 1 to 65535
 * @param target where it is on the host
 */
public record GuestService(IpAddress guestAddress, int guestPort, Target target) {

  /** Where a service of the host is. */
  public sealed interface Target {

    /**
     * At a TCP port.
     *
     * @param host an address or name, IPv6 without brackets
     * @param port 1 to 65535
     */
    record Tcp(String host, int port) implements Target {

      /** Whether it is an IPv6 address, not a name. */
      public boolean isV6() {
        return host.contains(":");
      }

      @Override
      public String toString() {
        return (isV6() ? "[" + host + "]" : host) + ":" + port;
      }
    }

    /**
     * At a stream socket of the file system.
     *
     * @param path absolute
     */
    record UnixSocket(Path path) implements Target {

      @Override
      public String toString() {
        return "unix:" + path;
      }
    }
  }

  /** Where the guest finds it: {@code 10.42.0.100:5000}. */
  public String guestEnd() {
    return guestAddress + ":" + guestPort;
  }
}
