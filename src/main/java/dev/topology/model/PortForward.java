package dev.topology.model;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * A port of the host that leads to a port of the guest: {@code 22: auto}, {@code 53/udp: 5353},
 * {@code 80: "[::1]:8080"}.
 *
 * @param protocol of both ports
 * @param guestPort 1 to 65535
 * @param hostAddress the address the host port is bound to; 127.0.0.1 unless the user says
 *     otherwise; IPv6 for TCP only
 * @param hostPort 1 to 65535; empty lets the kernel choose a free one when QEMU starts
 */
public record PortForward(
    Protocol protocol, int guestPort, IpAddress hostAddress, OptionalInt hostPort) {

  /**
   * Whether this program listens at the host's port itself and passes on what comes, as QEMU cannot
   * listen at IPv6 addresses (slirp_hostfwd in net/slirp.c, up to QEMU 10).
   */
  public boolean isRelayed() {
    return hostAddress.isV6();
  }

  /** What QEMU forwards: the same, or for a relayed one a port of 127.0.0.1 that is free. */
  public PortForward inQemu() {
    return isRelayed()
        ? new PortForward(protocol, guestPort, IpAddress.LOOPBACK, OptionalInt.empty())
        : this;
  }

  /** A transport protocol whose ports can be forwarded. */
  public enum Protocol {
    TCP,
    UDP;

    /** As QEMU and users write it: {@code tcp}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
