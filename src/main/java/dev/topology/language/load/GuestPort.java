package dev.topology.language.load;

import dev.topology.model.Protocol;

/**
 * A port of a guest, as written: {@code 53/udp}.
 *
 * @param protocol TCP where none is written
 * @param number 1 to 65535
 */
record GuestPort(Protocol protocol, int number) {

  @Override
  public String toString() {
    return number + "/" + protocol;
  }
}
