package dev.topology.host;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A QEMU that was found on this host and asked what it can do.
 *
 * @param path absolute, as it was found; symbolic links are not resolved
 * @param version what it says of itself
 * @param microvm whether it has the machine type {@code microvm}, without which nothing here runs
 * @param sandbox whether it was built with {@code -sandbox} (seccomp)
 */
public record Qemu(Path path, Version version, boolean microvm, boolean sandbox) {

  /** A version of QEMU, such as 7.2.22. Ordered from old to new. */
  public record Version(int major, int minor, int micro) implements Comparable<Version> {

    /** The oldest with which this program was tried. Older ones may work. */
    public static final Version OLDEST_TRIED = new Version(7, 2, 0);

    private static final Pattern FIRST_LINE =
        Pattern.compile("QEMU emulator version (\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?\\b.*");

    /** Reads what {@code qemu-system-x86_64 --version} prints; empty if it is something else. */
    static Optional<Version> parse(String output) {
      return output
          .lines()
          .findFirst()
          .map(FIRST_LINE::matcher)
          .filter(Matcher::matches)
          .map(Version::from);
    }

    private static Version from(Matcher line) {
      String micro = line.group(3);
      return new Version(
          Integer.parseInt(line.group(1)),
          Integer.parseInt(line.group(2)),
          micro == null ? 0 : Integer.parseInt(micro));
    }

    @Override
    public int compareTo(Version other) {
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
}
