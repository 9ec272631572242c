package dev.topology.image.initramfs;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * The directories and symbolic links of an existing initramfs.
 *
 * <p>The kernel unpacks each entry literally: a directory {@code bin} replaces a link {@code bin}
 * to {@code usr/bin}, and hides all programs.
 */
final class BaseEntries {

  /** Assumed to exist in an initramfs whose compression Java does not know. */
  private static final List<String> USUAL_DIRECTORIES =
      List.of(
          "bin",
          "dev",
          "etc",
          "lib",
          "lib32",
          "lib64",
          "proc",
          "root",
          "run",
          "sbin",
          "sys",
          "tmp",
          "usr",
          "usr/bin",
          "usr/lib",
          "usr/sbin",
          "var");

  private static final int MOST_LINKS = 40;

  private static final String DIRECTORY = "";

  /** Link targets by path; {@link #DIRECTORY} for a directory. */
  private final Map<String, String> entries = new HashMap<>();

  private BaseEntries() {}

  /**
   * Reads an initramfs: uncompressed archives one after the other, then perhaps a compressed one.
   */
  static BaseEntries read(Path initramfs) throws IOException {
    BaseEntries base = new BaseEntries();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(initramfs))) {
      base.readAll(in);
    } catch (NoSuchFileException e) {
      throw new IOException("cannot read the initramfs " + initramfs + ": no such file", e);
    } catch (IOException e) {
      throw new IOException("cannot read the initramfs " + initramfs + ": " + e.getMessage(), e);
    }
    return base;
  }

  /** Whether the path leads to something, through links where there are any. */
  boolean contains(String path) {
    return entries.containsKey(path) || isDirectory(path);
  }

  /** Whether the path leads to a directory, through links where there are any. */
  boolean isDirectory(String path) {
    return DIRECTORY.equals(entries.get(resolved(path)));
  }

  private void readAll(InputStream in) throws IOException {
    int first = skipZeros(in);
    while (first == '0') {
      readArchive(in);
      first = skipZeros(in);
    }
    if (first < 0) {
      return;
    }
    try {
      InputStream unpacked =
          new BufferedInputStream(new CompressorStreamFactory().createCompressorInputStream(in));
      while (skipZeros(unpacked) == '0') {
        readArchive(unpacked);
      }
    } catch (CompressorException e) {
      USUAL_DIRECTORIES.forEach(path -> entries.put(path, DIRECTORY));
    }
  }

  // Not closed: that would close the file below it.
  @SuppressWarnings("resource")
  private void readArchive(InputStream in) throws IOException {
    CpioArchiveInputStream archive =
        new CpioArchiveInputStream(in, 4, StandardCharsets.UTF_8.name());
    for (CpioArchiveEntry entry = archive.getNextEntry();
        entry != null;
        entry = archive.getNextEntry()) {
      String path = GuestPath.isRoot(entry.getName()) ? "" : GuestPath.relative(entry.getName());
      if (entry.isSymbolicLink()) {
        entries.put(path, new String(archive.readAllBytes(), StandardCharsets.UTF_8));
      } else if (entry.isDirectory()) {
        entries.put(path, DIRECTORY);
      } else {
        entries.remove(path);
      }
    }
  }

  /** Skips the zeros between two archives, and returns the byte after them without reading it. */
  private static int skipZeros(InputStream in) throws IOException {
    int next;
    do {
      in.mark(1);
      next = in.read();
    } while (next == 0);
    if (next > 0) {
      in.reset();
    }
    return next;
  }

  private String resolved(String path) {
    String resolved = "";
    String rest = GuestPath.isRoot(path) ? "" : GuestPath.relative(path);
    for (int links = 0; !rest.isEmpty() && links < MOST_LINKS; ) {
      int slash = rest.indexOf('/');
      String part = slash < 0 ? rest : rest.substring(0, slash);
      rest = slash < 0 ? "" : rest.substring(slash + 1);
      String step = resolved.isEmpty() ? part : resolved + "/" + part;
      String target = entries.get(step);
      if (target == null || target.equals(DIRECTORY)) {
        resolved = step;
      } else {
        links++;
        rest = GuestPath.join(resolved, target, rest);
        resolved = "";
      }
    }
    return resolved;
  }
}
