package dev.topology.image;

import java.util.List;

/**
 * Hears how a build gets on. Called by the thread that builds, one call at a time; must not block
 * for long.
 */
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
   * A package has come a bit further. The last call for each has {@code bytes} equal to its size.
   *
   * @param bytes how much of it is here
   */
  default void downloading(PackageDownload download, long bytes) {}

  /** The next step begins, as a short phrase: {@code unpacking busybox-static}. */
  default void step(String phrase) {}

  /** The image is in its place. */
  default void finished(BuildSummary summary) {}
}
