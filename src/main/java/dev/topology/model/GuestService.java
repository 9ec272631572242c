package dev.topology.model;

/**
 * A service of the host made reachable inside a guest over TCP: connections of the guest to the
 * guest address go to the host address.
 *
 * @param guestAddress an IPv4 address in 10.42.0.0/24 that the guest connects to
 * @param guestPort 1 to 65535
 * @param hostAddress an address or name of the host's side
 * @param hostPort 1 to 65535
 */
public record GuestService(
    IpAddress guestAddress, int guestPort, String hostAddress, int hostPort) {}
