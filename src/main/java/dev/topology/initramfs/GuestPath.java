package dev.topology.initramfs;

import java.util.ArrayList;
import java.util.List;

/** How guest paths are written in an archive: relative, without empty, "." or ".." parts. */
final class GuestPath {

  private GuestPath() {}

  /**
   * The path relative to the root.
   *
   * @throws IllegalArgumentException if nothing is left of it, or it climbs above the root
   */
  static String relative(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        throw new IllegalArgumentException("a guest path must not hold \"..\": " + path);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a guest path must name a file: \"" + path + "\"");
    }
    return String.join("/", parts);
  }
}
