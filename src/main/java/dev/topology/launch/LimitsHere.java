package dev.topology.launch;

import dev.topology.host.Host;
import dev.topology.image.ImageException;
import dev.topology.load.HostLimits;
import dev.topology.model.Memory;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Finds out what a loader may warn of on this host. Reads some small files, and runs nothing. */
final class LimitsHere {

  private final Host host;
  private final GuestImages images;

  LimitsHere(Host host, GuestImages images) {
    this.host = host;
    this.images = images;
  }

  HostLimits find() {
    OptionalLong memory = host.resources().memoryTotal();
    return new HostLimits(
        memory.isPresent() ? Optional.of(new Memory(memory.getAsLong())) : Optional.empty(),
        host.firstPort(),
        imageNames(),
        !host.mayOpenKvm(),
        host.usedPorts());
  }

  /** Unknown if the store cannot be read, of which whoever needs an image will hear. */
  private Optional<Set<String>> imageNames() {
    try {
      return Optional.of(images.names());
    } catch (ImageException unreadable) {
      return Optional.empty();
    }
  }
}
