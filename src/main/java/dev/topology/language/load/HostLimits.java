package dev.topology.language.load;

import dev.topology.model.IpAddress;
import dev.topology.model.Memory;
import dev.topology.model.Protocol;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the loader knows of the host beside its files. It warns of what this host cannot do; what is
 * unknown is not judged.
 *
 * @param memory all there is
 * @param firstPort the lowest port this user may listen at; 0 for every port
 * @param images names of the guest images that are there, or will be when they are needed
 * @param lacksKvm whether it is known that no guest can run on KVM
 * @param usedPorts tells where programs listen now; an address stands for those that {@link
 *     IpAddress#sharesPortsWith} tells. Asked only where a file gives out a port, as finding that
 *     out takes time
 */
public record HostLimits(
    Optional<Memory> memory,
    int firstPort,
    Optional<Set<String>> images,
    boolean lacksKvm,
    Supplier<Map<Protocol, Set<InetSocketAddress>>> usedPorts) {

  /** A host of which nothing is known. */
  public static final HostLimits UNKNOWN =
      new HostLimits(Optional.empty(), 0, Optional.empty(), false, Map::of);

  public HostLimits {
    images = images.map(Set::copyOf);
  }

  /** Whether a program already listens at that port. */
  boolean isUsed(Protocol protocol, IpAddress address, int port) {
    return usedPorts.get().getOrDefault(protocol, Set.of()).stream()
        .filter(it -> it.getPort() == port)
        .anyMatch(it -> new IpAddress(it.getAddress()).sharesPortsWith(address));
  }
}
