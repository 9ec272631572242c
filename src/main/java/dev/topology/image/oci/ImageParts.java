package dev.topology.image.oci;

import dev.topology.image.BulkInputStream;
import dev.topology.image.ImageException;
import dev.topology.image.TarReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The files that images consist of: in a directory, or in an archive that is read in place. */
interface ImageParts extends Closeable {

  /** Most bytes of an index, a manifest or a configuration: as registries have it. */
  int LARGEST_DOCUMENT = 4 << 20;

  boolean has(String path) throws IOException;

  /**
   * Opens a part to read it from its start.
   *
   * @throws NoSuchFileException if there is none
   */
  InputStream open(String path) throws IOException;

  /** Where a part of that digest is. */
  static String path(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  /** A whole small part. */
  default byte[] document(String path) throws IOException, ImageException {
    try (InputStream in = open(path)) {
      byte[] document = in.readNBytes(LARGEST_DOCUMENT + 1);
      if (document.length > LARGEST_DOCUMENT) {
        throw new ImageException(path + " is larger than 4 MiB, which no such part is");
      }
      return document;
    }
  }

  /** Opens a layout's directory, or an archive. */
  static ImageParts open(Path path) throws IOException, ImageException {
    return Files.isDirectory(path) ? new OfDirectory(path) : OfArchive.open(path);
  }

  /** An image layout. */
  record OfDirectory(Path directory) implements ImageParts {

    @Override
    public boolean has(String path) {
      return Files.isRegularFile(directory.resolve(path));
    }

    @Override
    public InputStream open(String path) throws IOException {
      return Files.newInputStream(directory.resolve(path));
    }

    @Override
    public void close() {}
  }

  /** A tar archive. */
  final class OfArchive implements ImageParts {

    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_LINKS = 3;

    /** Where a file's bytes are, or what other file it is. */
    private record Place(long start, long size, String link) {}

    private final FileChannel file;
    private final Map<String, Place> places;

    private OfArchive(FileChannel file, Map<String, Place> places) {
      this.file = file;
      this.places = places;
    }

    static OfArchive open(Path path) throws IOException, ImageException {
      FileChannel file = FileChannel.open(path);
      try {
        return new OfArchive(file, places(file));
      } catch (IOException | ImageException | RuntimeException e) {
        file.close();
        throw e;
      }
    }

    private static Map<String, Place> places(FileChannel file) throws IOException, ImageException {
      Map<String, Place> places = new HashMap<>();
      TarReader reader =
          TarReader.ofImage(new BufferedInputStream(new Region(file, 0, file.size())));
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        TarReader.Entry entry = next.get();
        if (places.size() > MOST_ENTRIES) {
          throw new ImageException("it has more files than images have");
        }
        if (entry.type() == TarReader.Type.FILE) {
          places.put(plain(entry.name()), new Place(reader.position(), entry.size(), ""));
        } else if (entry.type() == TarReader.Type.SYMBOLIC_LINK) {
          Path link = Path.of(plain(entry.name())).resolveSibling(entry.link()).normalize();
          places.put(plain(entry.name()), new Place(0, 0, link.toString()));
        } else if (entry.type() == TarReader.Type.HARD_LINK) {
          places.put(plain(entry.name()), new Place(0, 0, plain(entry.link())));
        }
      }
      return places;
    }

    private static String plain(String name) {
      return name.startsWith("./") ? name.substring(2) : name;
    }

    @Override
    public boolean has(String path) {
      return places.containsKey(path);
    }

    @Override
    public InputStream open(String path) throws IOException {
      Place place = places.get(path);
      for (int links = 0; place != null && !place.link().isEmpty(); links++) {
        place = links < MOST_LINKS ? places.get(place.link()) : null;
      }
      if (place == null) {
        throw new NoSuchFileException(path);
      }
      return place.size() == 0
          ? new ByteArrayInputStream(new byte[0])
          : new BufferedInputStream(new Region(file, place.start(), place.size()), 1 << 16);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** A part of a file. */
  final class Region extends BulkInputStream {

    private final FileChannel file;
    private final long end;
    private long position;

    Region(FileChannel file, long start, long size) {
      this.file = file;
      this.position = start;
      this.end = start + size;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int most = (int) Math.min(length, end - position);
      int count = most == 0 ? -1 : file.read(ByteBuffer.wrap(bytes, offset, most), position);
      position += Math.max(0, count);
      return count;
    }

    @Override
    public long skip(long wanted) {
      long skipped = Math.max(0, Math.min(wanted, end - position));
      position += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, end - position);
    }
  }
}
