package dev.topology.language.value;

import dev.topology.model.IpAddress;

/**
 * Where a guest finds a service of the host: {@code 10.42.0.100:5000}.
 *
 * @param address in the host network, and free
 * @param port 1 to 65535
 */
public record ServiceAddress(IpAddress address, int port) {}
