package dev.topology.image;

import java.time.Duration;
import java.util.List;

/** Receives the progress of a build. Called by the thread that builds; must not block for long. */
public interface BuildListener {

  /** The image is there, but another version of topology built it; it is built again. */
  default void outdated() {}

  /** Another process is building into the same store; this build goes on when that one is done. */
  default void waiting() {}

  /**
   * The image that is there cannot be used, so it is built again.
   *
   * @param why a clause
   */
  default void damaged(String name, String why) {}

  /** The packages that will be downloaded are known. */
  default void resolved(List<PackageDownload> downloads) {}

  /**
   * More of a package is downloaded. The last call for each has {@code bytes} equal to its size.
   *
   * @param bytes how much of it is downloaded
   */
  default void downloading(PackageDownload download, long bytes) {}

  /**
   * A container image is fetched, or made a disk; steps follow.
   *
   * @param name as the topology names it
   */
  default void container(String name) {}

  /** A guest like a node is booted and saved, so that the node can be a clone of it. */
  default void saving(String node) {}

  /** The next step begins, as a short phrase: {@code unpacking busybox-static}. */
  default void step(String phrase) {}

  /** The image is in its place. */
  default void finished(BuildSummary summary) {}

  /**
   * A package that a build downloads.
   *
   * @param name the package's name
   * @param version its version
   * @param bytes its size
   */
  public record PackageDownload(String name, String version, long bytes) {}

  /**
   * The result of a build.
   *
   * @param image the image, ready for use
   * @param modules how many kernel modules it loads
   * @param initramfsBytes the size of its initramfs
   * @param duration how long the build took
   */
  public record BuildSummary(
      InstalledImage image, int modules, long initramfsBytes, Duration duration) {}
}
