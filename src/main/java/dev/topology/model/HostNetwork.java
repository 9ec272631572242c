package dev.topology.model;

/**
 * The user-mode network between a node and its host: the node's first interface, 10.42.0.0/24.
 *
 * @param outside whether the guest reaches more than the node's own forwards and services: the
 *     host's loopback, at 10.42.0.2, and every network that the host reaches
 */
public record HostNetwork(boolean outside) {}
