package dev.topology.language.value;

/** Where a service is on the host. */
public sealed interface ServiceTarget {

  /**
   * At a TCP port: {@code 127.0.0.1:5000}.
   *
   * @param host an address or name, IPv6 without brackets
   * @param port 1 to 65535
   */
  record Tcp(String host, int port) implements ServiceTarget {}

  /** At a Unix socket: {@code unix:app.sock}. */
  record UnixSocket(HostPath path) implements ServiceTarget {}
}
