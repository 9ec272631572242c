package dev.topology.snapshot;

import dev.topology.image.BuildListener;
import dev.topology.image.StoreLock;
import dev.topology.model.MacAddress;
import dev.topology.plan.SavedGuest;
import dev.topology.plan.Snapshot;
import dev.topology.posix.PrivateDirectory;
import dev.topology.posix.TemporaryPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The snapshots of one user, each in a directory of its own.
 *
 * <p>The RAM of a guest may hold what others must not see, and a clone trusts what is in it: the
 * directory is open to its user alone (mode 0700), and one that belongs to somebody else is not
 * used. A snapshot is made aside and moved into place whole; it is removed, and never written to,
 * for clones that run have it mapped. What does not fit its {@link Manifest} is replaced.
 * Thread-safe, as several processes are.
 */
public final class SnapshotStore {

  /** Bytes of RAM of the guests in it; on the disk they take about half of that or less. */
  private static final long MOST_BYTES = 4L << 30;

  /** Holds why a snapshot could not be made. */
  private static final String FAILURE = "failure";

  /** How long nobody tries again. */
  private static final Duration FAILURES_COUNT = Duration.ofDays(1);

  private final Path root;
  private final Clock clock;

  /**
   * @param root need not exist; absolute
   */
  public SnapshotStore(Path root) {
    this(root, Clock.systemUTC());
  }

  SnapshotStore(Path root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  /** Makes a snapshot. */
  public interface Maker {

    /**
     * Saves a guest to two files, and shows that a clone of it runs.
     *
     * @param guest where no files are yet
     * @return what its network cards have for addresses
     * @throws SnapshotException if that cannot be done on this host
     * @throws IOException if there is no room for it now: it is tried again the next time
     */
    List<MacAddress> save(SavedGuest guest)
        throws SnapshotException, IOException, InterruptedException;
  }

  /** The snapshot for a key, if there is one and it is whole. Takes about a millisecond. */
  Optional<Snapshot> find(SnapshotKey key) {
    Path directory = root.resolve(key.name());
    try {
      if (!Files.isDirectory(directory) || !isOurs()) {
        return Optional.empty();
      }
      Optional<Snapshot> found = Manifest.read(directory).flatMap(it -> it.checked(directory, key));
      if (found.isPresent()) {
        Files.setLastModifiedTime(directory, FileTime.from(clock.instant()));
      }
      return found;
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The snapshot for a key, made if there is none. One is made at a time: whoever comes second
   * waits for it, and finds it then.
   *
   * @throws SnapshotException if it cannot be made, or could not less than a day ago; what is half
   *     made is gone
   */
  public Snapshot findOrMake(SnapshotKey key, Maker maker)
      throws SnapshotException, InterruptedException {
    Optional<Snapshot> there = find(key);
    if (there.isPresent()) {
      return there.get();
    }
    try {
      makeRoot();
      try (StoreLock lock = StoreLock.acquire(root, new BuildListener() {})) {
        Optional<Snapshot> made = find(key);
        if (made.isPresent()) {
          return made.get();
        }
        Path place = root.resolve(key.name());
        Optional<String> failure = failure(place);
        if (failure.isPresent()) {
          throw new SnapshotException(failure.get(), null);
        }
        Manifest manifest = make(key, maker, lock.newWorkDirectory(), place);
        removeOldest(place);
        return manifest.checked(place, key).orElseThrow(() -> new IOException(place + " changed"));
      }
    } catch (IOException e) {
      throw new SnapshotException("cannot keep a snapshot in " + root + ": " + e.getMessage(), e);
    }
  }

  private Manifest make(SnapshotKey key, Maker maker, Path work, Path place)
      throws SnapshotException, IOException, InterruptedException {
    try {
      List<MacAddress> macs = maker.save(Manifest.guest(work));
      Manifest manifest = Manifest.of(work, key, macs);
      manifest.writeTo(work);
      put(work, place);
      return manifest;
    } catch (SnapshotException e) {
      TemporaryPlace.deleteTree(work);
      Files.createDirectory(work);
      Files.writeString(work.resolve(FAILURE), String.valueOf(e.getMessage()));
      put(work, place);
      throw e;
    }
  }

  private void put(Path work, Path place) throws IOException {
    remove(place);
    Files.move(work, place, StandardCopyOption.ATOMIC_MOVE);
    Files.setLastModifiedTime(place, FileTime.from(clock.instant()));
  }

  /** Why a snapshot could not be made that was tried a short while ago. */
  private Optional<String> failure(Path place) throws IOException {
    Path file = place.resolve(FAILURE);
    return Files.exists(file)
            && Files.getLastModifiedTime(place)
                .toInstant()
                .isAfter(clock.instant().minus(FAILURES_COUNT))
        ? Optional.of(Files.readString(file))
        : Optional.empty();
  }

  /**
   * A snapshot that is kept.
   *
   * @param name of its directory
   * @param bytes of its guest's RAM
   * @param usedAt when it was last used
   * @param lines of its key
   */
  public record Kept(String name, long bytes, Instant usedAt, List<String> lines) {}

  /** All that are whole, the one used last first. */
  public List<Kept> list() throws IOException {
    List<Kept> all = new ArrayList<>();
    for (Path directory : directories()) {
      Optional<Manifest> manifest = Manifest.read(directory);
      if (manifest.isPresent()) {
        all.add(
            new Kept(
                directory.getFileName().toString(),
                manifest.get().memoryBytes(),
                Files.getLastModifiedTime(directory).toInstant(),
                manifest.get().key().lines()));
      }
    }
    all.sort(Comparator.comparing(Kept::usedAt).reversed());
    return List.copyOf(all);
  }

  /** Why some could not be made, by the names of their directories. */
  public Map<String, String> failures() throws IOException {
    Map<String, String> failures = new LinkedHashMap<>();
    for (Path directory : directories()) {
      Optional<String> failure = failure(directory);
      failure.ifPresent(it -> failures.put(directory.getFileName().toString(), it));
    }
    return failures;
  }

  /**
   * Removes all. Guests that run are not disturbed.
   *
   * @return how many there were
   */
  public int clear() throws IOException {
    List<Path> all = directories();
    for (Path directory : all) {
      remove(directory);
    }
    return all.size();
  }

  private void removeOldest(Path newest) throws IOException {
    long left = MOST_BYTES;
    for (Kept each : list()) {
      left -= each.bytes();
      Path directory = root.resolve(each.name());
      if (left < 0 && !directory.equals(newest)) {
        remove(directory);
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try {
      TemporaryPlace.deleteTree(directory);
    } catch (NoSuchFileException gone) {
      // Another process was quicker.
    }
  }

  private void makeRoot() throws IOException, SnapshotException {
    Files.createDirectories(root.getParent());
    if (!Files.isDirectory(root)) {
      PrivateDirectory.create(root);
    }
    if (!isOurs()) {
      throw new SnapshotException(
          root + " is not open to its owner alone, or belongs to somebody else; remove it", null);
    }
  }

  private boolean isOurs() throws IOException {
    return PrivateDirectory.isOwn(root.toRealPath())
        && Files.getPosixFilePermissions(root).equals(PrivateDirectory.MODE);
  }

  private List<Path> directories() throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(child -> !child.getFileName().toString().startsWith("."))
          .filter(Files::isDirectory)
          .sorted()
          .toList();
    }
  }
}
