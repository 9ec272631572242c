package dev.topology.host;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of QEMU, such as 7.2.22. Ordered from old to new. */
public record QemuVersion(int major, int minor, int micro) implements Comparable<QemuVersion> {

  /** The oldest with which this program was ever run. Older ones may work; nobody has seen it. */
  public static final QemuVersion OLDEST_TRIED = new QemuVersion(7, 2, 0);

  private static final Pattern FIRST_LINE =
      Pattern.compile("QEMU emulator version (\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?\\b.*");

  /** Reads what {@code qemu-system-x86_64 --version} prints; empty if it is something else. */
  static Optional<QemuVersion> parse(String output) {
    return output
        .lines()
        .findFirst()
        .map(FIRST_LINE::matcher)
        .filter(Matcher::matches)
        .map(QemuVersion::from);
  }

  private static QemuVersion from(Matcher line) {
    String micro = line.group(3);
    return new QemuVersion(
        Integer.parseInt(line.group(1)),
        Integer.parseInt(line.group(2)),
        micro == null ? 0 : Integer.parseInt(micro));
  }

  @Override
  public int compareTo(QemuVersion other) {
    return Arrays.compare(numbers(), other.numbers());
  }

  private int[] numbers() {
    return new int[] {major, minor, micro};
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + micro;
  }
}
