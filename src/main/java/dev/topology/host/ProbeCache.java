package dev.topology.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Cached results of slow probes, in files under the user's cache.
 *
 * <p>A result is a few lines of text. It is stored with the circumstances under which it is true,
 * and is only returned under exactly the same ones. A file that is damaged or unreadable counts as
 * missing; a file that cannot be written costs time at the next run. The cache is never a reason to
 * fail.
 *
 * <p>Safe for any number of threads and processes: a file is written aside and moved into place.
 * Two that probe the same thing at once both write the same result.
 */
final class ProbeCache {

  /** Changes when the meaning of the files does: older files are then ignored. */
  private static final String FIRST_LINE = "topology host 2";

  /** Divides the circumstances from the result. */
  private static final String MIDDLE_LINE = "answer";

  /** Comes last, with a checksum of all that is before it, so that damage shows. */
  private static final String LAST_LINE = "end ";

  private final Path directory;
  private final boolean writeOnly;

  /**
   * What a result is about.
   *
   * @param name of its file
   * @param circumstances what must stay the same for the result to stay true, a line each
   */
  record Key(String name, List<String> circumstances) {

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    Key {
      circumstances = List.copyOf(circumstances);
    }

    /**
     * A result about a program, for as long as its file stays as it is: an upgrade changes the time
     * or the size. Follows symbolic links, so that a change of their target counts.
     */
    static Key ofProgram(String prefix, Path program) throws IOException {
      BasicFileAttributes file = Files.readAttributes(program, BasicFileAttributes.class);
      return new Key(
          prefix + "-" + Integer.toHexString(program.toString().hashCode()),
          List.of(
              "program " + program,
              "modified " + file.lastModifiedTime().toInstant(),
              "size " + file.size()));
    }

    /** This key, with another circumstance. */
    Key with(String circumstance) {
      List<String> more = new ArrayList<>(circumstances);
      more.add(circumstance);
      return new Key(name, more);
    }

    /**
     * This key, for this boot of the host, its processor (a virtual machine may be moved to
     * another) and this user; empty if the host has no identifier of its boot.
     */
    Optional<Key> inThisBoot() {
      try {
        String user = Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
        String boot = Files.readString(BOOT_ID).strip();
        return Optional.of(
            with("boot " + boot)
                .with("user " + user)
                .with("cpu " + HostResources.cpuInfo("model name").orElse("")));
      } catch (IOException | UnsupportedOperationException notLinux) {
        return Optional.empty();
      }
    }

    /** The circumstances as lines of a file: each stays on its own line. */
    private List<String> head() {
      List<String> head = new ArrayList<>(List.of(FIRST_LINE));
      circumstances.forEach(line -> head.add(line.replace('\n', ' ').replace('\r', ' ')));
      head.add(MIDDLE_LINE);
      return head;
    }
  }

  /** Keeps its files in that directory, which need not exist yet. */
  ProbeCache(Path directory) {
    this(directory, false);
  }

  private ProbeCache(Path directory, boolean writeOnly) {
    this.directory = directory;
    this.writeOnly = writeOnly;
  }

  /** A cache in the same place that is written but not read: everything is probed again. */
  ProbeCache fresh() {
    return new ProbeCache(directory, true);
  }

  /** The result for that key; empty if there is none. */
  Optional<List<String>> read(Key key) {
    if (writeOnly) {
      return Optional.empty();
    }
    try {
      List<String> lines =
          Files.readAllLines(directory.resolve(key.name()), StandardCharsets.UTF_8);
      return result(lines, key.head());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Stores the result in place of any other of that name. */
  void write(Key key, List<String> result) {
    StringBuilder text = new StringBuilder();
    key.head().forEach(line -> text.append(line).append('\n'));
    result.forEach(line -> text.append(line).append('\n'));
    text.append(lastLine(text.toString())).append('\n');
    try {
      Files.createDirectories(directory);
      write(key.name(), text.toString());
    } catch (IOException unwritable) {
      // The next run probes again.
    }
  }

  private void write(String name, String text) throws IOException {
    Path aside = Files.createTempFile(directory, name, ".new");
    try {
      Files.writeString(aside, text);
      Files.move(aside, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static Optional<List<String>> result(List<String> lines, List<String> head) {
    int end = lines.size() - 1;
    boolean valid =
        end >= head.size()
            && lines.get(end).equals(lastLine(String.join("\n", lines.subList(0, end)) + "\n"))
            && lines.subList(0, head.size()).equals(head);
    return valid ? Optional.of(lines.subList(head.size(), end)) : Optional.empty();
  }

  private static String lastLine(String text) {
    CRC32 sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return LAST_LINE + sum.getValue();
  }
}
