package dev.topology.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.image.ImageException;
import dev.topology.image.oci.LayerMerger.Limits;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.ContainerReference.Local;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * An archive that is compressed as a whole, as by {@code docker save me/app | gzip}. Its parts are
 * at no place in it, so it is unpacked to be read. Which image is in it is remembered until the
 * file changes: starts after the first neither unpack nor read it.
 *
 * @param file the archive
 * @param note where the digest of its image's configuration is kept
 */
record CompressedArchive(Path file, Path note) {

  /** What a reference leads to for guests of an architecture, if it is such an archive. */
  static Optional<CompressedArchive> of(
      ContainerReference reference, Architecture architecture, Path root) throws IOException {
    if (!(reference instanceof Local local)
        || !Files.isRegularFile(local.path())
        || !Compression.isOf(local.path())) {
      return Optional.empty();
    }
    BasicFileAttributes now = Files.readAttributes(local.path(), BasicFileAttributes.class);
    String state =
        "%s %s %s %s %d"
            .formatted(local, architecture, now.fileKey(), now.lastModifiedTime(), now.size());
    Path note = root.resolve("archives").resolve(Digest.of(state.getBytes(UTF_8)).hex());
    return Optional.of(new CompressedArchive(local.path(), note));
  }

  /** The image in it, if it was unpacked before. */
  Optional<Digest> image() throws IOException, ImageException {
    return Files.exists(note)
        ? Optional.of(Digest.parse(Files.readString(note)))
        : Optional.empty();
  }

  /** Keeps in mind which image is in it. */
  void remember(Digest image) throws IOException {
    Files.createDirectories(note.getParent());
    Files.writeString(note, image.toString());
  }

  /**
   * Its parts, from a copy in a directory, where it stays.
   *
   * @throws ImageException if it is damaged, or there is more in it than images may have
   */
  ImageParts unpacked(Path work, Limits limits) throws IOException, ImageException {
    Path copy = work.resolve("archive");
    try (InputStream packed = Files.newInputStream(file);
        InputStream tar = Compression.unpacked(packed, work)) {
      Files.copy(new Digest.Summed(tar, limits.bytesOfArchive()), copy);
    } catch (ClosedByInterruptException | FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new ImageException("the archive cannot be unpacked: " + ImageException.reason(e), e);
    }
    return ImageParts.open(copy);
  }
}
