package dev.topology.model;

import java.nio.charset.StandardCharsets;

/** Numbers that come out of names: the same every time, and as good as unique. */
final class NameHash {

  private NameHash() {}

  /**
   * FNV-1a with the finalizer of MurmurHash3, so that each bit depends on every letter. Nothing
   * here needs a cryptographic hash, whose providers take Java ten milliseconds to find.
   *
   * @param names joined by slashes, which no name has
   */
  static long of(String... names) {
    long hash = 0xcbf29ce484222325L;
    for (byte letter : String.join("/", names).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (letter & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }
}
