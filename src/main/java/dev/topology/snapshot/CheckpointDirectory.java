package dev.topology.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.posix.FileStamp;
import dev.topology.posix.PrivateDirectory;
import dev.topology.posix.TemporaryPlace;
import dev.topology.text.JsonTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A checkpoint on the disk: a directory of files, each of which its manifest names with its
 * checksums, and its stamp as it was written here.
 *
 * <p>It is made aside, written to the disk, and moved into place whole; it is never written to
 * again. It may hold what others must not see, and a guest that is made of it runs what is in it:
 * so the directory is open to its user alone, and one that belongs to somebody else is not used.
 */
public final class CheckpointDirectory {

  private static final String MANIFEST = "checkpoint.json";
  private static final String SUMS = "sums";
  private static final String STAMP = "stamp";

  /** The first had the RAM of each guest in the file of its state. */
  private static final int FORMAT = 2;

  private static final int MOST_MANIFEST_BYTES = 32 << 20;

  /** A file up to that size is always read, to see whether it is what was saved. */
  private static final long SMALL_BYTES = 1 << 20;

  private final Path directory;
  private final ObjectNode manifest;

  private CheckpointDirectory(Path directory, ObjectNode manifest) {
    this.directory = directory;
    this.manifest = manifest;
  }

  /** Fills a directory, which is there and empty. */
  public interface Maker {

    /** Returns what is to be known of it: one value for each key. */
    Map<String, List<String>> fill(Path directory) throws IOException, InterruptedException;
  }

  /**
   * Makes one.
   *
   * @param place where it is to be; absolute, and not the root
   * @param replaces whether one that is there is replaced
   * @return how many bytes its files have
   * @throws FileAlreadyExistsException if something is there that is not replaced
   * @throws IOException if it cannot be written; nothing is left of it then, as after an interrupt
   */
  public static long make(Path place, boolean replaces, Maker maker)
      throws IOException, InterruptedException {
    requireFree(place, replaces);
    Path parent = Objects.requireNonNull(place.getParent());
    PrivateDirectory.create(parent);
    removeLeftovers(parent, prefix(place));
    Path work = beside(place);
    boolean done = false;
    try {
      Map<String, List<String>> known = maker.fill(work);
      long bytes = seal(work, known);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      requireFree(place, replaces);
      if (Files.exists(place)) {
        remove(place);
      }
      Files.move(work, place, StandardCopyOption.ATOMIC_MOVE);
      sync(parent);
      done = true;
      return bytes;
    } finally {
      if (!done) {
        TemporaryPlace.deleteTree(work);
      }
    }
  }

  private static String prefix(Path place) {
    return "." + place.getFileName() + "-";
  }

  /** A new directory for what this process makes or removes. */
  private static Path beside(Path place) throws IOException {
    return Files.createTempDirectory(
        place.getParent(), prefix(place) + ProcessHandle.current().pid() + "-");
  }

  /**
   * Removes one, which is gone at once and whole: nobody finds a part of it. Runs that go on from
   * it are not disturbed.
   *
   * @throws NoSuchFileException if there is none
   */
  public static void remove(Path place) throws IOException {
    if (!isThere(place)) {
      throw new NoSuchFileException(place.toString());
    }
    Path aside = beside(place);
    try {
      Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      TemporaryPlace.deleteTree(aside);
    }
  }

  /** Whether something is there that has a manifest, whole or not. */
  public static boolean isThere(Path place) {
    return Files.isRegularFile(place.resolve(MANIFEST));
  }

  /** What processes were making or removing that are gone. */
  private static void removeLeftovers(Path parent, String prefix) throws IOException {
    Pattern name = Pattern.compile(Pattern.quote(prefix) + "([0-9]+)-[0-9]+");
    for (Path each : files(parent)) {
      Matcher ofProcess = name.matcher(each.getFileName().toString());
      if (ofProcess.matches()
          && ProcessHandle.of(Long.parseLong(ofProcess.group(1))).isEmpty()
          && PrivateDirectory.isOwn(each)) {
        TemporaryPlace.deleteTree(each);
      }
    }
  }

  /** What is no checkpoint is never replaced. */
  private static void requireFree(Path place, boolean replaces) throws IOException {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !(replaces && isThere(place))) {
      throw new FileAlreadyExistsException(place.toString());
    }
  }

  private static long seal(Path work, Map<String, List<String>> known) throws IOException {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode().put("format", FORMAT);
    known.forEach((key, lines) -> lines.forEach(manifest.withArray(key)::add));
    long bytes = 0;
    for (Path file : files(work)) {
      sync(file);
      FileStamp stamp = FileStamp.of(file);
      manifest
          .withObject("/files")
          .putObject(file.getFileName().toString())
          .put(SUMS, Checksums.of(file))
          .put(STAMP, stamp.words());
      bytes += stamp.size();
    }
    Path file = Files.writeString(work.resolve(MANIFEST), JsonTree.write(manifest));
    sync(file);
    sync(work);
    return bytes;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Looks whose one is, and what is known of it.
   *
   * @throws NoSuchFileException if there is none
   * @throws IOException in words, if it is not to be used
   */
  public static CheckpointDirectory open(Path place) throws IOException {
    if (!isThere(place)) {
      throw new NoSuchFileException(place.toString());
    }
    Path real = place.toRealPath();
    if (!PrivateDirectory.isOwn(real)) {
      throw new IOException("it belongs to another user");
    }
    if (!Files.getPosixFilePermissions(real).equals(PrivateDirectory.MODE)) {
      throw new IOException("others than its owner may enter it (chmod 700 would end that)");
    }
    Path file = real.resolve(MANIFEST);
    if (Files.size(file) > MOST_MANIFEST_BYTES) {
      throw new IOException(MANIFEST + " is damaged");
    }
    Optional<ObjectNode> manifest = json(file);
    if (manifest.isEmpty() || !manifest.get().path("format").isInt()) {
      throw new IOException(MANIFEST + " is damaged");
    }
    if (manifest.get().path("format").asInt() != FORMAT) {
      throw new IOException("another version of topology has made it");
    }
    return new CheckpointDirectory(real, manifest.get());
  }

  private static Optional<ObjectNode> json(Path file) throws IOException {
    try {
      return JsonTree.readObject(Files.readString(file));
    } catch (JsonProcessingException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The directory; absolute, and no symbolic link. */
  public Path place() {
    return directory;
  }

  /** When it was made. */
  public Instant madeAt() throws IOException {
    return Files.getLastModifiedTime(directory.resolve(MANIFEST)).toInstant();
  }

  /** How many bytes its files have, the holes in them included. */
  public long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files(directory)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** What was said of it when it was made: one value or more for a key, or none. */
  public List<String> known(String key) {
    return texts(manifest.path(key));
  }

  /**
   * Looks whether its files are what was written.
   *
   * @param isKept whether it is where only this program writes: of a large file that has not been
   *     written to or replaced since, the bytes need not be read
   * @throws IOException in words, if one is not
   */
  public void verify(boolean isKept) throws IOException {
    for (Map.Entry<String, JsonNode> each : manifest.path("files").properties()) {
      Path file = directory.resolve(each.getKey());
      if (!directory.equals(file.getParent())
          || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(each.getKey() + " is missing");
      }
      boolean isAsWritten =
          isKept
              && Files.size(file) > SMALL_BYTES
              && FileStamp.of(file).words().equals(each.getValue().path(STAMP).asText());
      if (!isAsWritten && !Checksums.of(file).equals(each.getValue().path(SUMS).asText())) {
        throw new IOException(each.getKey() + " is not what was saved: it is damaged");
      }
    }
    for (Path file : files(directory)) {
      String name = file.getFileName().toString();
      if (!name.equals(MANIFEST) && !manifest.path("files").has(name)) {
        throw new IOException(name + " is not in " + MANIFEST + ": one of them is damaged");
      }
    }
  }

  private static List<String> texts(JsonNode array) {
    return Stream.iterate(0, at -> at < array.size(), at -> at + 1)
        .map(at -> array.get(at).asText())
        .toList();
  }
}
