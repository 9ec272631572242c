package dev.topology.plan.qemu;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.model.Disk.Format;
import dev.topology.plan.qemu.QemuOption.Properties;
import dev.topology.text.JsonTree;
import java.util.Optional;

/**
 * Block devices: where the content of a guest's disk is on the host. Each has a name, by which a
 * device or another block device refers to it.
 *
 * <p>They are written as JSON, in which alone it can be said that an image has no backing file: the
 * one that its header names is never opened (qemu(1), {@code -blockdev}; docs/interop/qemu-qmp-ref,
 * {@code BlockdevOptions}).
 */
public final class Blockdev {

  private static final String FLAG = "-blockdev";

  private Blockdev() {}

  /** A file of the host that QEMU opens itself. */
  public static QemuOption file(
      String name, Format format, String file, boolean readOnly, Optional<String> backing) {
    return opened(name, format, "file", file, readOnly, backing);
  }

  /** A block device of the host that QEMU opens itself. */
  public static QemuOption device(
      String name, Format format, String path, boolean readOnly, Optional<String> backing) {
    return opened(name, format, "host_device", path, readOnly, backing);
  }

  private static QemuOption opened(
      String name,
      Format format,
      String driver,
      String path,
      boolean readOnly,
      Optional<String> backing) {
    ObjectNode json = node(name, format, driver, path, backing);
    return option(readOnly ? json.put("read-only", true) : json.put("discard", "unmap"));
  }

  /**
   * A file that QEMU inherits, and that is gone after the run: nothing need reach the host's disk.
   */
  public static QemuOption inherited(
      String name, Format format, int descriptor, Optional<String> backing) {
    ObjectNode json = node(name, format, "file", "/dev/fdset/" + descriptor, backing);
    json.put("discard", "unmap").putObject("cache").put("no-flush", true);
    return option(json);
  }

  /** Lets QEMU open an inherited file by the name {@code /dev/fdset/NUMBER}. */
  public static QemuOption descriptor(int number) {
    return QemuOption.of("-add-fd", Properties.none().with("fd", number).with("set", number));
  }

  /**
   * A file of the host whose changes QEMU keeps in a file of its own, for where it can inherit
   * none. A backing file is the one that the image names.
   */
  public static QemuOption snapshot(String name, Format format, String file) {
    return drive(name, format, file, true);
  }

  /** A file of the host, named by a text that a shell completes. */
  public static QemuOption plain(String name, Format format, String file) {
    return drive(name, format, file, false);
  }

  private static QemuOption drive(String name, Format format, String file, boolean snapshot) {
    return QemuOption.of(
        "-drive",
        Properties.none()
            .with("if", "none")
            .with("id", name)
            .with("format", format.toString())
            .with("file", file)
            .with("snapshot", snapshot));
  }

  private static ObjectNode node(
      String name, Format format, String driver, String path, Optional<String> backing) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("driver", format.toString()).put("node-name", name);
    json.putObject("file").put("driver", driver).put("filename", path);
    if (format == Format.QCOW2) {
      json.put("backing", backing.orElse(null));
    }
    return json;
  }

  private static QemuOption option(ObjectNode json) {
    return QemuOption.plain(FLAG, JsonTree.write(json));
  }
}
