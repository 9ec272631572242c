package dev.topology.image;

import dev.topology.console.GuestText;
import dev.topology.image.initramfs.FileTree;
import dev.topology.image.initramfs.GuestPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Lays what maintainer scripts have changed over an image's files.
 *
 * <p>It comes from a guest as a tar archive, and nothing in it is relied on: contents go to
 * numbered files, paths and links only into the image, and the sum of all sizes has a limit.
 */
final class ConfiguredFiles {

  private static final long MOST_BYTES = 1_000_000_000;
  private static final int MOST_ENTRIES = 200_000;

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
  private int entries;

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
      GuestTar tar = new GuestTar(archive);
      for (Optional<GuestTar.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        if (++entries > MOST_ENTRIES) {
          throw new IOException("maintainer scripts made more than " + MOST_ENTRIES + " files");
        }
        lay(GuestPath.join("", entry.get().path(), ""), entry.get(), tar.content());
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the guest sent a file that cannot be: " + GuestText.line(String.valueOf(e.getMessage())),
          e);
    }
    dropLinksToTools();
    links.forEach(image::link);
  }

  private void lay(String path, GuestTar.Entry entry, InputStream content) throws IOException {
    if (path.isEmpty() || LEFT_OUT.matcher(path).matches()) {
      return;
    }
    if (entry.isDirectory()) {
      if (image.contains(path) || !tools.contains(path)) {
        image.directory(path, entry.mode(), entry.owner());
      }
    } else if (tools.contains(path)) {
      return;
    } else if (entry.isSymbolicLink()) {
      links.put(path, entry.target());
    } else if (entry.isHardLink()) {
      String other = GuestPath.join("", entry.target(), "");
      if (image.contains(other)) {
        image.sameFile(path, other);
      }
    } else if (entry.isFile()) {
      bytes += entry.size();
      if (bytes > MOST_BYTES) {
        throw new IOException("maintainer scripts made more than a gigabyte of files");
      }
      image.file(path, entry.mode(), entry.owner(), staged.keep(content));
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
