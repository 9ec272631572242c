package dev.topology.language.value;

import dev.topology.model.IpAddress;
import java.util.OptionalInt;

/**
 * Where a guest's port is found on the host: {@code auto}, {@code same}, {@code 0.0.0.0:8080}.
 *
 * @param address where it is bound
 * @param number empty for {@code auto} and {@code same}
 * @param same whether it is the guest's port
 */
public record HostPort(IpAddress address, OptionalInt number, boolean same) {

  /** The host's port, for a port of the guest; empty if the kernel chooses. */
  public OptionalInt numberFor(int guestPort) {
    return same ? OptionalInt.of(guestPort) : number;
  }
}
