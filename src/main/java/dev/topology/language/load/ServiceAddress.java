package dev.topology.language.load;

/**
 * One side of a service.
 *
 * @param host an address or a name, without brackets
 * @param port 1 to 65535
 */
record ServiceAddress(String host, int port) {}
