package dev.topology.image.initramfs;

import java.nio.file.Path;

/**
 * One file, directory or symbolic link of a {@link FileTree}. Modes hold the permission bits only.
 */
sealed interface TreeEntry {

  int mode();

  /** Who owns the entry in the guest; almost always root. */
  Owner owner();

  /** A directory. */
  record Directory(int mode, Owner owner) implements TreeEntry {}

  /** A file whose content is read from the host when the archive is written. */
  record HostFile(int mode, Owner owner, Path content) implements TreeEntry {}

  /** A file made in memory. Not a record: those compare arrays by identity. */
  final class Bytes implements TreeEntry {

    private final int mode;
    private final byte[] content;

    Bytes(int mode, byte[] content) {
      this.mode = mode;
      this.content = content;
    }

    @Override
    public int mode() {
      return mode;
    }

    @Override
    public Owner owner() {
      return Owner.ROOT;
    }

    byte[] content() {
      return content;
    }
  }

  /** A symbolic link; the kernel ignores its mode. */
  record SymbolicLink(String target) implements TreeEntry {
    @Override
    public int mode() {
      return 0777;
    }

    @Override
    public Owner owner() {
      return Owner.ROOT;
    }
  }
}
