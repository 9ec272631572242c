package dev.topology.language.value;

import dev.topology.model.Protocol;

/**
 * A port of a guest: {@code 53/udp}.
 *
 * @param protocol TCP where none is written
 * @param number 1 to 65535
 */
public record GuestPort(Protocol protocol, int number) {

  @Override
  public String toString() {
    return number + "/" + protocol;
  }
}
