package dev.topology.image;

import dev.topology.console.GuestText;
import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.TarReader.Entry;
import dev.topology.image.initramfs.FileTree;
import dev.topology.image.initramfs.FileTree.Owner;
import dev.topology.image.initramfs.GuestPath;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Adds what maintainer scripts have made or changed to an image's files.
 *
 * <p>They come from a guest as a tar archive that is not trusted: contents go to numbered files,
 * paths stay inside the image, and number and size of the files are limited.
 */
final class ConfiguredFiles {

  private static final long MOST_BYTES = 1_000_000_000;
  private static final int MOST_ENTRIES = 200_000;

  /** Left by the configuration, and of no use in an image without dpkg. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "(dev|proc|sys|tmp|run/topology|etc/topology|var/lib/dpkg|var/cache/debconf"
              + "|var/cache/ldconfig|usr/share/(doc|man|info|locale))(/.*)?"
              + "|var/log/(dpkg|alternatives|apt).*"
              + "|etc/(passwd|group|shadow|gshadow|subuid|subgid)-|etc/\\.pwd\\.lock");

  /** Exists only while a guest runs, so links to it are kept. */
  private static final Pattern MADE_AT_START = Pattern.compile("(dev|proc|sys|run)/.*");

  private final FileTree image;
  private final FileTree tools;
  private final StagedFiles staged;
  private final Map<String, String> links = new TreeMap<>();
  private long bytes;
  private int entries;

  /**
   * Ready to add files.
   *
   * @param image the files of the image
   * @param tools the tools that were there to configure it; they do not go into the image
   */
  ConfiguredFiles(FileTree image, FileTree tools, StagedFiles staged) {
    this.image = image;
    this.tools = tools;
    this.staged = staged;
  }

  /** Adds everything in an archive. */
  void add(InputStream archive) throws IOException {
    try {
      TarReader tar = TarReader.ofGuest(archive);
      for (Optional<Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
        if (++entries > MOST_ENTRIES) {
          throw new IOException("maintainer scripts made more than " + MOST_ENTRIES + " files");
        }
        add(GuestPath.join("", entry.get().name(), ""), entry.get(), tar.content(entry.get()));
      }
      // The guest waits until all of it is read.
      archive.transferTo(OutputStream.nullOutputStream());
    } catch (EOFException e) {
      throw new IOException("the guest's files are cut off", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the guest sent a file that cannot be: " + GuestText.line(String.valueOf(e.getMessage())),
          e);
    }
    dropLinksToTools();
    links.forEach(image::link);
  }

  private void add(String path, Entry entry, InputStream content) throws IOException {
    if (path.isEmpty() || LEFT_OUT.matcher(path).matches()) {
      return;
    }
    boolean isDirectory = entry.type() == TarReader.Type.DIRECTORY;
    if (!tools.contains(path) || (isDirectory && image.contains(path))) {
      Owner owner = new Owner(entry.user(), entry.group());
      switch (entry.type()) {
        case DIRECTORY -> image.directory(path, entry.mode(), owner);
        case SYMBOLIC_LINK -> links.put(path, entry.link());
        case HARD_LINK -> addHardLink(path, GuestPath.join("", entry.link(), ""));
        case FILE -> {
          bytes += entry.size();
          if (bytes > MOST_BYTES) {
            throw new IOException("maintainer scripts made more than a gigabyte of files");
          }
          image.file(path, entry.mode(), owner, staged.keep(content));
        }
        case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> {
          // An image has the devices that its init makes.
        }
      }
    }
  }

  private void addHardLink(String path, String other) {
    if (image.contains(other)) {
      image.sameFile(path, other);
    }
  }

  /**
   * Drops links of update-alternatives(1) to programs that are not in the image, then the links to
   * those.
   */
  private void dropLinksToTools() {
    boolean again = true;
    while (again) {
      again = links.entrySet().removeIf(link -> !leadsToImage(link.getKey(), link.getValue()));
    }
  }

  private boolean leadsToImage(String path, String target) {
    String leadsTo = GuestFiles.merged(GuestPath.join(GuestPath.parent(path), target, ""));
    return leadsTo.isEmpty()
        || image.contains(leadsTo)
        || links.containsKey(leadsTo)
        || MADE_AT_START.matcher(leadsTo).matches();
  }
}
