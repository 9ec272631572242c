package dev.topology.image;

import dev.topology.image.ImageRecipe.Flavour;
import dev.topology.posix.FileStamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The file {@code manifest} that a build leaves beside an image's files: their sizes and checksums,
 * and what was asked for, so that a damaged image is detected and built again.
 *
 * <pre>
 * topology image 1
 * packages bird2 tcpdump
 * flavour generic
 * kernel 40000000 3735928559 1758000000000000000 4711
 * </pre>
 *
 * <p>A file has its size and its CRC-32C, then the time of its last change in nanoseconds and its
 * inode number. While those two are unchanged, the content is not read again: a check takes less
 * than a millisecond. Where no flavour is named, it is {@code cloud}. An image without a manifest
 * is a user's own, or of an earlier version, and is not checked.
 */
final class ImageManifest {

  private static final String FILE = "manifest";
  private static final String FIRST_LINE = "topology image 1";
  private static final String PACKAGES = "packages";
  private static final String FLAVOUR = "flavour ";
  private static final List<String> COVERED =
      List.of(
          "kernel",
          "initramfs",
          InstalledImage.PROPERTIES,
          InstalledImage.MODULES,
          InstalledImage.MODULE_NAMES);

  /** Earlier versions made so many of them: such an image is outdated, not damaged. */
  private static final int FEWEST = 3;

  private static final int CHUNK = 256 * 1024;

  private final Path directory;

  ImageManifest(Path directory) {
    this.directory = directory;
  }

  /** Writes it for the current files, which were built by a recipe. */
  void write(ImageRecipe recipe) throws IOException {
    List<String> lines = new ArrayList<>(List.of(FIRST_LINE));
    lines.add(
        String.join(
            " ", Stream.concat(Stream.of(PACKAGES), recipe.extraPackages().stream()).toList()));
    lines.add(FLAVOUR + recipe.flavour());
    int head = lines.size();
    for (String name : COVERED) {
      if (lines.size() < FEWEST + head || Files.exists(directory.resolve(name))) {
        lines.add(Entry.of(directory.resolve(name)).line());
      }
    }
    Path part = directory.resolve(FILE + ".part");
    Files.write(part, lines);
    Files.move(part, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** What was asked for, if it tells. */
  Optional<ImageRecipe> recipe() {
    try {
      return lines()
          .filter(lines -> lines.size() > 1 && lines.get(1).startsWith(PACKAGES))
          .map(
              lines -> {
                List<String> words = List.of(lines.get(1).split(" ", -1));
                return new ImageRecipe(
                    directory.getFileName().toString(),
                    lines.contains(FLAVOUR + Flavour.GENERIC) ? Flavour.GENERIC : Flavour.CLOUD,
                    words.subList(1, words.size()));
              });
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /** How many lines come before those of the files. */
  private static int head(List<String> lines) {
    return lines.size() > 2 && lines.get(2).startsWith(FLAVOUR) ? 3 : 2;
  }

  /** How the image differs from the one that was built, as a clause; empty if it does not. */
  Optional<String> damage() {
    try {
      Optional<List<String>> lines = lines();
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      int files = lines.get().size() - head(lines.get());
      return (files >= FEWEST && files <= COVERED.size()) && lines.get().get(0).equals(FIRST_LINE)
          ? damage(lines.get())
          : Optional.of("its " + FILE + " is not whole");
    } catch (IOException e) {
      return Optional.of(ImageException.reason(e));
    } catch (NumberFormatException e) {
      return Optional.of("its " + FILE + " is not whole");
    }
  }

  private Optional<String> damage(List<String> lines) throws IOException {
    boolean moved = false;
    int head = head(lines);
    for (int i = 0; i < lines.size() - head; i++) {
      Path file = directory.resolve(COVERED.get(i));
      Entry built = Entry.parse(lines.get(i + head), COVERED.get(i));
      FileStamp stamp = FileStamp.of(file);
      if (stamp.isThatOf(built.stamp())) {
        continue;
      }
      if (stamp.size() != built.stamp().size()) {
        return Optional.of(
            "its %s has %d bytes instead of %d"
                .formatted(built.name(), stamp.size(), built.stamp().size()));
      }
      if (Entry.checksum(file) != built.checksum()) {
        return Optional.of("the content of its " + built.name() + " has changed");
      }
      moved = true;
    }
    if (moved) {
      noteStamps();
    }
    return Optional.empty();
  }

  /** Writes new stamps, so that the files of a copied cache are read only once. */
  private void noteStamps() {
    recipe()
        .ifPresent(
            recipe -> {
              try {
                write(recipe);
              } catch (IOException readOnly) {
                // Then they are read again the next time.
              }
            });
  }

  private Optional<List<String>> lines() throws IOException {
    Path file = directory.resolve(FILE);
    return Files.exists(file) ? Optional.of(Files.readAllLines(file)) : Optional.empty();
  }

  private record Entry(String name, long checksum, FileStamp stamp) {

    static Entry of(Path file) throws IOException {
      return new Entry(file.getFileName().toString(), checksum(file), FileStamp.of(file));
    }

    static long checksum(Path file) throws IOException {
      CRC32C sum = new CRC32C();
      byte[] chunk = new byte[CHUNK];
      try (InputStream in = Files.newInputStream(file)) {
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
          sum.update(chunk, 0, count);
        }
      }
      return sum.getValue();
    }

    String line() {
      return name
          + " "
          + stamp.size()
          + " "
          + checksum
          + " "
          + stamp.changedNanos()
          + " "
          + stamp.inode();
    }

    /**
     * @throws NumberFormatException if the line is incomplete
     */
    static Entry parse(String line, String name) {
      String[] words = line.split(" ", -1);
      if (words.length != 5 || !words[0].equals(name)) {
        throw new NumberFormatException(line);
      }
      return new Entry(
          name,
          Long.parseLong(words[2]),
          new FileStamp(
              Long.parseLong(words[1]), Long.parseLong(words[3]), Long.parseLong(words[4])));
    }
  }
}
