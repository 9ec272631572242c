package dev.topology.load;

import dev.topology.model.Memory;
import java.util.Optional;
import java.util.Set;

/**
 * What the loader may know of the host beside its files. It warns of what this host cannot do; what
 * is unknown is not judged. Found out by others, handed in.
 *
 * @param memory all there is
 * @param firstPort the lowest port this user may listen at; 0 for every port
 * @param images names of the guest images that are there, or will be when they are needed
 */
public record HostLimits(Optional<Memory> memory, int firstPort, Optional<Set<String>> images) {

  /** A host that nothing is known of. */
  public static final HostLimits UNKNOWN = new HostLimits(Optional.empty(), 0, Optional.empty());

  public HostLimits {
    images = images.map(Set::copyOf);
  }
}
