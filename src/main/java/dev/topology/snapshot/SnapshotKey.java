package dev.topology.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * All that could make one guest differ from another before it is told who it is, as lines of text.
 * Two guests with equal keys may be clones of one snapshot.
 *
 * @param lines none holds a line end
 */
public record SnapshotKey(List<String> lines) {

  public SnapshotKey {
    lines = List.copyOf(lines);
  }

  /**
   * A short name for it: 16 hexadecimal digits. Other keys may have the same; the lines tell. Java
   * takes 15 ms to load a cryptographic digest.
   */
  String name() {
    return digits(new CRC32()) + digits(new CRC32C());
  }

  private String digits(Checksum sum) {
    lines.forEach(line -> sum.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
    return "%08x".formatted(sum.getValue());
  }
}
