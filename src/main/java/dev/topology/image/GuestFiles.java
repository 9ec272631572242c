package dev.topology.image;

import dev.topology.initramfs.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * The guest's files: a skeleton, the init, and what packages bring.
 *
 * <p>{@code /bin}, {@code /sbin} and {@code /lib*} are links into {@code /usr} whatever the release
 * does, so that packages from before and after Debian's move find each other's files.
 */
final class GuestFiles implements DebianArchive.Visitor {

  private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");

  /** What nobody looks at in a guest that lives for a minute. */
  private static final Pattern LEFT_OUT =
      Pattern.compile("usr/share/(doc|man|info|locale|lintian|bug|doc-base)(/.*)?");

  private final StagedFiles staged;
  private final FileTree tree = new FileTree();

  GuestFiles(StagedFiles staged) {
    this.staged = staged;
    MERGED.forEach(name -> tree.directory("usr/" + name, 0755).link(name, "usr/" + name));
    List.of("dev", "proc", "sys", "run", "etc", "var").forEach(name -> tree.directory(name, 0755));
    tree.directory("root", 0700).directory("tmp", 01777);
  }

  /** The tree, to add to and to write. */
  FileTree tree() {
    return tree;
  }

  @Override
  public void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException {
    String guestPath = merged(path);
    if (path.isEmpty() || LEFT_OUT.matcher(guestPath).matches() || MERGED.contains(guestPath)) {
      return;
    }
    int mode = entry.getMode() & 07777;
    if (entry.isDirectory()) {
      if (!tree.contains(guestPath)) {
        tree.directory(guestPath, mode);
      }
    } else if (entry.isSymbolicLink()) {
      tree.link(guestPath, entry.getLinkName());
    } else if (entry.isLink()) {
      tree.sameFile(guestPath, merged(entry.getLinkName().replaceFirst("^\\./", "")));
    } else if (entry.isFile()) {
      tree.file(guestPath, mode, staged.keep(content));
    }
  }

  private static String merged(String path) {
    int slash = path.indexOf('/');
    return slash > 0 && MERGED.contains(path.substring(0, slash)) ? "usr/" + path : path;
  }
}
