package dev.topology.image.initramfs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How guest paths are written in an archive: relative to the root, without empty, "." or ".."
 * parts.
 */
public final class GuestPath {

  private GuestPath() {}

  /**
   * The path relative to the root.
   *
   * @throws IllegalArgumentException if nothing is left of it, or a part is ".."
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

  /** Whether a path names the root itself. */
  static boolean isRoot(String path) {
    return path.chars().allMatch(c -> c == '/' || c == '.') && !path.contains("..");
  }

  /** The directory that holds a file; empty for the root. */
  public static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /**
   * What a link in a directory leads to, and what comes after it; ".." goes up, but not above the
   * root.
   */
  public static String join(String directory, String target, String rest) {
    String joined = (target.startsWith("/") ? "" : directory + "/") + target + "/" + rest;
    Deque<String> parts = new ArrayDeque<>();
    for (String part : joined.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
