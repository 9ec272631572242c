package dev.topology.image;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A guest image that can be booted.
 *
 * @param name what a topology file calls it; the directory's name for a user's own image
 * @param directory where it lies
 * @param kernel a bzImage or an ELF kernel
 * @param initramfs the initramfs
 * @param cmdline what the image adds to the kernel command line; may be empty
 * @param ready a regular expression that the console shows when the guest is ready, for an image
 *     that does not say so over its control port
 * @param kernelVersion as {@code uname -r} says; empty where the image does not tell
 * @param built when it was built; empty where the image does not tell
 * @param packages the packages it was built from, as {@code name=version}
 * @param init tells one version of the built-in init from another; empty for an image of the user's
 *     own
 */
public record InstalledImage(
    String name,
    Path directory,
    Path kernel,
    Path initramfs,
    String cmdline,
    Optional<String> ready,
    String kernelVersion,
    Optional<Instant> built,
    List<String> packages,
    String init) {

  public InstalledImage {
    packages = List.copyOf(packages);
  }

  /** Whether it has the built-in init of this version of topology, and with it the agent. */
  public boolean hasThisInit() {
    return init.equals(GuestInit.fingerprint());
  }

  /**
   * Whether its init is that of another version of topology, to which this one cannot speak; never
   * of an image of the user's own.
   */
  public boolean isOutdated() {
    return !init.isEmpty() && !hasThisInit();
  }
}
