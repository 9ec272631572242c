package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import dev.topology.image.initramfs.GuestPath;
import dev.topology.image.initramfs.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * The guest's files: a skeleton, and what packages bring.
 *
 * <p>All programs are in {@code /usr/bin} and all libraries in {@code /usr/lib}, with links where
 * they used to be, so that packages from before and after Debian's move find each other's files.
 */
final class GuestFiles implements DebianArchive.Visitor {

  /** Where a directory of a package goes. */
  private static final Map<String, String> MERGED =
      Map.of(
          "bin", "usr/bin",
          "sbin", "usr/bin",
          "usr/sbin", "usr/bin",
          "lib", "usr/lib",
          "lib64", "usr/lib64");

  /** What nobody looks at in a guest that lives for a minute. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "usr/share/(doc|man|info|locale|lintian|bug|doc-base)(/.*)?"
              // Converters of iconv(3), 8 MB; those of today's character sets stay.
              + "|usr/lib/[^/]+/gconv/(?!gconv-modules|ISO8859-1|CP1252|UTF-|UNICODE).*");

  private final StagedFiles staged;
  private final FileTree tree = new FileTree();

  GuestFiles(StagedFiles staged) {
    this.staged = staged;
    tree.directory("/", 0755).directory("root", 0700).directory("tmp", 01777);
    MERGED.values().forEach(directory -> tree.directory(directory, 0755));
    MERGED.forEach((from, to) -> tree.link(from, "/" + to));
    List.of("dev", "proc", "sys", "run", "etc", "var").forEach(name -> tree.directory(name, 0755));
  }

  /** The tree, to add to and to write. */
  FileTree tree() {
    return tree;
  }

  @Override
  public void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException {
    String guestPath = merged(path);
    if (path.isEmpty() || LEFT_OUT.matcher(guestPath).matches()) {
      return;
    }
    int mode = entry.getMode() & 07777;
    if (entry.isDirectory()) {
      if (!tree.contains(guestPath)) {
        tree.directory(guestPath, mode, owner(entry));
      }
    } else if (entry.isSymbolicLink()) {
      link(path, guestPath, entry.getLinkName());
    } else if (entry.isLink()) {
      tree.sameFile(guestPath, merged(entry.getLinkName().replaceFirst("^\\./", "")));
    } else if (entry.isFile()) {
      tree.file(guestPath, mode, owner(entry), staged.keep(content));
    }
  }

  /**
   * Adds a link, unless a file is there already, as where {@code /sbin/ip} leads to {@code /bin/ip}
   * and both are one. A relative target is meant from where the package has the link.
   */
  private void link(String path, String guestPath, String target) {
    String leadsTo = merged(GuestPath.join(parent(path), target, ""));
    if (leadsTo.equals(guestPath) || tree.content(guestPath).isPresent()) {
      return;
    }
    boolean isMoved = !parent(path).equals(parent(guestPath)) && !target.startsWith("/");
    tree.link(guestPath, isMoved ? "/" + leadsTo : target);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** Who owns a file of an archive. */
  static Owner owner(TarArchiveEntry entry) {
    return new Owner((int) entry.getLongUserId(), (int) entry.getLongGroupId());
  }

  /** Where a path leads by way of the merged directories. */
  static String merged(String path) {
    for (Map.Entry<String, String> each : MERGED.entrySet()) {
      if (path.startsWith(each.getKey() + "/")) {
        return each.getValue() + path.substring(each.getKey().length());
      }
    }
    return path;
  }
}
