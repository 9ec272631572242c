package dev.topology.language.load;

import dev.topology.language.load.Written.WrittenMapping;
import dev.topology.model.Disk;
import java.nio.file.Path;

/** A disk of a node of a {@link TopologyBuilder}. Not safe for use by several threads. */
public final class DiskBuilder {

  private final WrittenMapping keys;

  DiskBuilder(WrittenMapping keys) {
    this.keys = keys;
  }

  /** Its content; without a file it is empty, and has a size. */
  public DiskBuilder file(Path file) {
    keys.path("file", file);
    return this;
  }

  /** The guest finds it as {@code /dev/disk/by-id/virtio-NAME}. */
  public DiskBuilder name(String name) {
    keys.text("name", name);
    return this;
  }

  /** Where what the guest writes goes to. */
  public DiskBuilder mode(Disk.Mode mode) {
    keys.text("mode", mode.toString());
    return this;
  }

  /** How it is arranged in its file. */
  public DiskBuilder format(Disk.Format format) {
    keys.text("format", format.toString());
    return this;
  }

  /** Whether its file may have a backing file, which it names itself. */
  public DiskBuilder backing(boolean allowed) {
    keys.plain("backing", allowed);
    return this;
  }

  /**
   * How large it is, at least.
   *
   * @param size as in a file: {@code 10GiB}
   */
  public DiskBuilder size(String size) {
    keys.text("size", size);
    return this;
  }

  /** How it is plugged into a node that boots from its own disk. */
  public DiskBuilder bus(Disk.DiskBus bus) {
    keys.text("bus", bus.toString());
    return this;
  }

  /** The directory of the guest where its file system is mounted. */
  public DiskBuilder mount(String guestPath) {
    keys.text("mount", guestPath);
    return this;
  }
}
