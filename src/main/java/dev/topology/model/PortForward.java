package dev.topology.model;

import java.util.OptionalInt;

/**
 * A port of the host that leads to a port of the guest: {@code 22: auto}, {@code 53/udp: 5353}.
 *
 * @param protocol of both ports
 * @param guestPort 1 to 65535
 * @param hostAddress the address the host port is bound to; loopback unless the user says otherwise
 * @param hostPort 1 to 65535; empty lets the kernel choose a free one when QEMU starts
 */
public record PortForward(
    Protocol protocol, int guestPort, IpAddress hostAddress, OptionalInt hostPort) {}
