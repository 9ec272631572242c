package dev.topology.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What changes when a file is written to or replaced.
 *
 * @param size in bytes
 * @param changedNanos the time of its last change, in nanoseconds since 1970
 * @param inode its number in its file system
 */
public record FileStamp(long size, long changedNanos, long inode) {

  private static final int WORDS = 3;

  /** That of a file as it is now; of what a symbolic link leads to. */
  public static FileStamp of(Path file) throws IOException {
    Map<String, Object> now = Files.readAttributes(file, "unix:size,lastModifiedTime,ino");
    return new FileStamp(
        (Long) of(now, "size"),
        ((FileTime) of(now, "lastModifiedTime")).to(TimeUnit.NANOSECONDS),
        (Long) of(now, "ino"));
  }

  private static Object of(Map<String, Object> attributes, String name) {
    return Objects.requireNonNull(attributes.get(name), name);
  }

  /** A line that names a file and says what it is now. */
  public static String named(Path file) throws IOException {
    return file + " " + of(file).words();
  }

  /**
   * Reads what {@link #words} wrote.
   *
   * @throws NumberFormatException if it is not that
   */
  public static FileStamp parse(String words) {
    String[] numbers = words.split(" ", -1);
    if (numbers.length != WORDS) {
      throw new NumberFormatException(words);
    }
    return new FileStamp(
        Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
  }

  /** Not by {@code equals}: Java makes that of a record when it first runs it, in 15 ms. */
  public boolean isThatOf(FileStamp other) {
    return size == other.size && changedNanos == other.changedNanos && inode == other.inode;
  }

  /** Three numbers, as {@link #parse} reads them. */
  public String words() {
    return size + " " + changedNanos + " " + inode;
  }
}
