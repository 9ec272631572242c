package dev.topology.image.initramfs;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * Lays host files over an initramfs.
 *
 * <p>The result is the base, byte by byte, and after it an archive of its own: the kernel unpacks
 * one after the other (buffer-format.rst), so the base may be compressed or not, and a file of the
 * same path is replaced. Files are streamed. Permission bits are kept; in the guest everything
 * belongs to root. Directories that the base already has keep their modes, and its links to
 * directories stay links.
 */
public final class OverlayWriter {

  private static final int PERMISSION_BITS = 07777;
  private static final String MARK_DIRECTORY = "etc/topology";

  private final BaseEntries base;
  private final FileTree tree;

  private OverlayWriter(BaseEntries base) {
    this.base = base;
    this.tree = new FileTree(base::contains);
  }

  /**
   * Writes an initramfs with files laid over it, a later one over an earlier one. Blocks on the
   * file system.
   *
   * @param target the file to write; replaced if it exists
   * @throws IOException if something cannot be read or written; the message says what, and why
   */
  public static void write(Path base, List<AddedFile> files, Path target) throws IOException {
    OverlayWriter overlay = over(base, files);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      long length = Files.copy(base, out);
      out.write(new byte[(int) (-length & (FileTree.BLOCK_SIZE - 1))]);
      overlay.mark("cut off", out);
      overlay.tree.writeTo(out);
      overlay.mark("whole", out);
    }
  }

  /**
   * Writes an archive of the files alone, for a guest that has unpacked the base: unpacked there,
   * it gives the same. Blocks on the file system.
   *
   * @param target the file to write; replaced if it exists
   * @throws IOException as {@link #write}
   */
  public static void writeApart(Path base, List<AddedFile> files, Path target) throws IOException {
    OverlayWriter overlay = over(base, files);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      overlay.tree.writeTo(out);
    }
  }

  private static OverlayWriter over(Path base, List<AddedFile> files) throws IOException {
    OverlayWriter overlay = new OverlayWriter(BaseEntries.read(base));
    for (AddedFile file : files) {
      overlay.add(file);
    }
    return overlay;
  }

  /**
   * Whether a firmware can load an initramfs as it is: its length is that of whole pages. A copy
   * that {@link #write} makes always is. What cannot be read counts as one. Blocks on the file
   * system.
   */
  public static boolean isAligned(Path initramfs) {
    try {
      return Files.size(initramfs) % FileTree.BLOCK_SIZE == 0;
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Linux drops the rest of an initramfs that does not fit into memory. The init of our images
   * checks that the last entry is there.
   */
  private void mark(String text, OutputStream out) throws IOException {
    if (base.contains(MARK_DIRECTORY)) {
      FileTree mark = new FileTree(base::contains);
      mark.text(MARK_DIRECTORY + "/overlay", 0444, text + "\n").writeTo(out);
    }
  }

  private void add(AddedFile file) throws IOException {
    Path hostPath = file.hostPath();
    if (!Files.exists(hostPath)) {
      throw failure(hostPath, file.guestPath(), "there is no such file");
    }
    if (Files.isDirectory(hostPath)) {
      addDirectory(hostPath, file.guestPath());
    } else {
      addFile(hostPath, file.guestPath());
    }
  }

  private void addDirectory(Path hostPath, String guestPath) throws IOException {
    if (!base.contains(guestPath) && !GuestPath.isRoot(guestPath)) {
      tree.directory(guestPath, mode(hostPath));
    }
    try (Stream<Path> children = Files.list(hostPath)) {
      for (Path child : children.sorted().toList()) {
        addChild(child, guestPath + "/" + child.getFileName());
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void addChild(Path hostPath, String guestPath) throws IOException {
    if (Files.isSymbolicLink(hostPath)) {
      tree.link(guestPath, Files.readSymbolicLink(hostPath).toString());
    } else if (Files.isDirectory(hostPath, LinkOption.NOFOLLOW_LINKS)) {
      addDirectory(hostPath, guestPath);
    } else {
      addFile(hostPath, guestPath);
    }
  }

  private void addFile(Path hostPath, String guestPath) throws IOException {
    if (!Files.isRegularFile(hostPath)) {
      throw failure(hostPath, guestPath, "it is neither a file nor a directory");
    }
    if (!Files.isReadable(hostPath)) {
      throw failure(hostPath, guestPath, "permission to read it is denied");
    }
    if (base.isDirectory(guestPath)) {
      throw failure(hostPath, guestPath, "the initramfs has a directory there");
    }
    tree.file(guestPath, mode(hostPath), hostPath);
  }

  private static int mode(Path hostPath) throws IOException {
    return (Integer) Files.getAttribute(hostPath, "unix:mode") & PERMISSION_BITS;
  }

  private static IOException failure(Path hostPath, String guestPath, String reason) {
    return new IOException(
        "cannot put " + hostPath + " into the initramfs at " + guestPath + ": " + reason);
  }

  /**
   * A host file or directory that is to appear in a guest.
   *
   * @param guestPath where it appears, from the guest's root; directories that lead to it are made
   * @param hostPath what appears there; of a directory, all that is in it
   */
  public record AddedFile(String guestPath, Path hostPath) {}

  /**
   * The directories and symbolic links of an existing initramfs.
   *
   * <p>The kernel unpacks each entry literally: a directory {@code bin} replaces a link {@code bin}
   * to {@code usr/bin}, and hides all programs.
   */
  private static final class BaseEntries {

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
}
