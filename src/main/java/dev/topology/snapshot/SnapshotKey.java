package dev.topology.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.List;

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

  /** A short name for it: 16 hexadecimal digits. Other keys may have the same; the lines tell. */
  String name() {
    Checksums sums = new Checksums();
    for (String line : lines) {
      byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
      sums.add(bytes, bytes.length);
    }
    return sums.digits();
  }
}
