package dev.topology.image;

import dev.topology.console.GuestText;
import dev.topology.initramfs.FileTree;
import dev.topology.initramfs.GuestPath;
import dev.topology.initramfs.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Lays what maintainer scripts have changed over an image's files.
 *
 * <p>It comes from a guest as a tar archive, and nothing in it is relied on: contents go to
 * numbered files, paths and links only into the image, and the sum of all sizes has a limit.
 */
final class ConfiguredFiles {

  private static final long MOST_BYTES = 1_000_000_000;

  /** The traces of configuring, of no use in an image without dpkg. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "(dev|proc|sys|tmp|run/topology|etc/topology|var/lib/dpkg|var/cache/debconf"
              + "|var/cache/ldconfig|usr/share/(doc|man|info|locale))(/.*)?"
              + "|var/log/(dpkg|alternatives|apt).*"
              + "|etc/(passwd|group|shadow|gshadow|subuid|subgid)-|etc/\\.pwd\\.lock");

  /** What is there only once a guest runs. */
  private static final Pattern MADE_AT_START = Pattern.compile("(dev|proc|sys|run)/.*");

  private final FileTree image;
  private final FileTree tools;
  private final StagedFiles staged;
  private final Map<String, String> links = new TreeMap<>();
  private long bytes;

  /**
   * Lays nothing yet.
   *
   * @param image the files of the image
   * @param tools what was there besides to configure it, and does not go into the image
   */
  ConfiguredFiles(FileTree image, FileTree tools, StagedFiles staged) {
    this.image = image;
    this.tools = tools;
    this.staged = staged;
  }

  /** Lays all that an archive holds. */
  void lay(InputStream archive) throws IOException {
    try {
      TarArchiveInputStream tar = new TarArchiveInputStream(archive, "UTF-8");
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        lay(GuestPath.join("", entry.getName(), ""), entry, tar);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the guest sent a file that cannot be: " + GuestText.line(String.valueOf(e.getMessage())),
          e);
    }
    dropLinksToTools();
    links.forEach(image::link);
  }

  private void lay(String path, TarArchiveEntry entry, InputStream content) throws IOException {
    if (path.isEmpty() || LEFT_OUT.matcher(path).matches()) {
      return;
    }
    int mode = entry.getMode() & 07777;
    Owner owner = GuestFiles.owner(entry);
    if (entry.isDirectory()) {
      if (image.contains(path) || !tools.contains(path)) {
        image.directory(path, mode, owner);
      }
    } else if (tools.contains(path)) {
      return;
    } else if (entry.isSymbolicLink()) {
      links.put(path, entry.getLinkName());
    } else if (entry.isLink()) {
      String other = GuestPath.join("", entry.getLinkName(), "");
      if (image.contains(other)) {
        image.sameFile(path, other);
      }
    } else if (entry.isFile()) {
      bytes += entry.getSize();
      if (bytes > MOST_BYTES) {
        throw new IOException("maintainer scripts made more than a gigabyte of files");
      }
      image.file(path, mode, owner, staged.keep(content));
    }
  }

  /**
   * Alternatives (update-alternatives(1)) of what is not in the image lead nowhere. What leads to
   * such a link does not either, so it takes several rounds.
   */
  private void dropLinksToTools() {
    boolean again = true;
    while (again) {
      again = links.entrySet().removeIf(link -> !leadsToImage(link.getKey(), link.getValue()));
    }
  }

  private boolean leadsToImage(String path, String target) {
    String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    String leadsTo = GuestFiles.merged(GuestPath.join(parent, target, ""));
    return leadsTo.isEmpty()
        || image.contains(leadsTo)
        || links.containsKey(leadsTo)
        || MADE_AT_START.matcher(leadsTo).matches();
  }
}
