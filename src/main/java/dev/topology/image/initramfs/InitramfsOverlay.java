package dev.topology.image.initramfs;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays host files over an initramfs.
 *
 * <p>The result is the base, byte by byte, and after it an archive of its own: the kernel unpacks
 * one after the other (buffer-format.rst), so the base may be compressed or not, and a file of the
 * same path is replaced. Files are streamed. Permission bits are kept; in the guest everything
 * belongs to root. Directories that the base already has keep their modes, and its links to
 * directories stay links.
 */
public final class InitramfsOverlay {

  private static final int ALIGNMENT = 512;
  private static final int PERMISSION_BITS = 07777;
  private static final String MARK_DIRECTORY = "etc/topology";

  private final BaseEntries base;
  private final FileTree tree;

  private InitramfsOverlay(BaseEntries base) {
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
    InitramfsOverlay overlay = new InitramfsOverlay(BaseEntries.read(base));
    for (AddedFile file : files) {
      overlay.add(file);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      long length = Files.copy(base, out);
      out.write(new byte[(int) (-length & (ALIGNMENT - 1))]);
      overlay.mark("cut off", out);
      overlay.tree.writeTo(out);
      overlay.mark("whole", out);
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
}
