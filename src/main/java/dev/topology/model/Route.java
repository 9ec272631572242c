package dev.topology.model;

/**
 * A static route of a guest.
 *
 * @param destination a network such as {@code 10.0.4.0/24}, or {@code default}
 * @param gateway the next hop
 */
public record Route(String destination, IpAddress gateway) {}
