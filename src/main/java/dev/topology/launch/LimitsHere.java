package dev.topology.launch;

import dev.topology.host.Host;
import dev.topology.image.ImageException;
import dev.topology.language.load.HostLimits;
import dev.topology.model.Memory;
import dev.topology.model.Protocol;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
        new UsedPorts(host));
  }

  /** Reads them when it is first asked, and then no more. Thread-safe. */
  private static final class UsedPorts implements Supplier<Map<Protocol, Set<InetSocketAddress>>> {

    private final Host host;
    private @Nullable Map<Protocol, Set<InetSocketAddress>> found;

    UsedPorts(Host host) {
      this.host = host;
    }

    @Override
    public synchronized Map<Protocol, Set<InetSocketAddress>> get() {
      if (found == null) {
        found = host.usedPorts();
      }
      return found;
    }
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
