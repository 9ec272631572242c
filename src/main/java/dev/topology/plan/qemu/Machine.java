package dev.topology.plan.qemu;

import dev.topology.model.Memory;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.nio.file.Path;
import java.util.List;

/** What is in a machine, whichever {@link Board} it is: its devices, and where those lead. */
public final class Machine {

  private Machine() {}

  /** Waits for the state of a saved guest rather than starts one. */
  public static QemuOption loaded() {
    return QemuOption.of("-incoming", Properties.of("defer"));
  }

  /** How a machine's virtio devices are plugged in. */
  public enum Bus {
    /** That of a microvm and of {@code virt}. */
    MMIO("device"),
    /** A PC's. */
    PCI("pci");

    private final String suffix;

    Bus(String suffix) {
      this.suffix = suffix;
    }

    /** The type of a device of a kind: {@code virtio-blk-pci}. */
    Properties virtio(String kind) {
      return device("virtio-" + kind);
    }

    private Properties device(String kind) {
      return Properties.of(kind + "-" + suffix);
    }
  }

  /** The guest's RAM. */
  public static QemuOption memory(Memory memory) {
    return QemuOption.of("-m", Properties.none().with("size", memory.mebibytes() + "M"));
  }

  /**
   * What QEMU may no longer do once it runs: start programs, gain privileges, change its limits.
   * qemu(1), {@code -sandbox}.
   */
  public static QemuOption sandbox() {
    return QemuOption.of(
        "-sandbox",
        Properties.of("on")
            .with("obsolete", "deny")
            .with("elevateprivileges", "deny")
            .with("spawn", "deny")
            .with("resourcecontrol", "deny"));
  }

  /** Devices that the guest sees, all of them virtio, on the transport of the machine. */
  public static final class Device {

    /** Ports of the serial device: number 0 is kept for a console, see virtio-serial-bus.c. */
    private static final int MAX_PORTS = 16;

    private Device() {}

    /** A device by its properties, the type first. */
    public static QemuOption of(Properties properties) {
      return QemuOption.of("-device", properties);
    }

    /** Connects the machine's first serial port: {@code -serial chardev:boot}. */
    public static QemuOption uart(String chardev) {
      return QemuOption.plain("-serial", "chardev:" + chardev);
    }

    /** The host's random numbers: {@code -object rng-builtin}, which opens no file. */
    public static QemuOption randomSource(String id) {
      return QemuOption.of("-object", Properties.of("rng-builtin").with("id", id));
    }

    /**
     * Gives the guest random numbers, at most 1024 bytes a second, so that no guest drains them.
     */
    public static QemuOption random(Bus bus, String source) {
      return of(bus.virtio("rng").with("rng", source).with("max-bytes", 1024).with("period", 1000));
    }

    /**
     * What consoles and ports are plugged into.
     *
     * @param morePorts beyond those of every machine
     */
    public static QemuOption serialBus(Bus bus, int morePorts) {
      return of(bus.virtio("serial").with("max_ports", MAX_PORTS + morePorts));
    }

    /** {@code /dev/hvc0}: a console, which drops what is not read. */
    public static QemuOption console(String chardev) {
      return of(Properties.of("virtconsole").with("chardev", chardev));
    }

    /**
     * {@code /dev/virtio-ports/NAME}: a port, whose writer waits while it is not read. Before it
     * waits, Linux queues 1,024 writes of up to 32 KiB each (QEMU's virtio-mmio offers that many
     * places): a flooded port takes up to 32 MiB of the guest's memory.
     */
    public static QemuOption port(String chardev, String name) {
      return of(Properties.of("virtserialport").with("chardev", chardev).with("name", name));
    }

    /**
     * A file as a disk that the guest finds under a name, {@code /sys/block/vda/serial}, and cannot
     * write. Guests that have the same file share the host's page cache of it.
     *
     * @param name 1 to 20 letters, digits, dots and dashes; unique among the guest's disks
     */
    public static List<QemuOption> readOnlyDisk(String name, Path file) {
      Properties source =
          Properties.none()
              .with("driver", "raw")
              .with("node-name", name)
              .with("read-only", true)
              .with("file.driver", "file")
              .with("file.filename", file.toString());
      return List.of(
          QemuOption.of("-blockdev", source),
          of(Properties.of("virtio-blk-device").with("drive", name).with("serial", name)));
    }

    /**
     * A file system that another process serves, with which it speaks over a character device.
     *
     * @param tag by which the guest mounts it
     */
    public static QemuOption fileSystem(Bus bus, String chardev, String tag) {
      return of(bus.device("vhost-user-fs").with("chardev", chardev).with("tag", tag));
    }

    /**
     * A directory of the host that QEMU serves itself. It follows no symbolic link in it, and what
     * the guest makes belongs to the user who runs QEMU ({@code security_model=none}): qemu(1),
     * {@code -fsdev local}.
     */
    public static QemuOption directory(String id, Path path, boolean isWritable) {
      return QemuOption.of(
          "-fsdev",
          Properties.of("local")
              .with("id", id)
              .with("path", path.toString())
              .with("security_model", "none")
              .with("multidevs", "remap")
              .with("readonly", !isWritable));
    }

    /**
     * A file system that QEMU serves itself.
     *
     * @param directory what it holds
     * @param tag by which the guest mounts it
     */
    public static QemuOption plan9(Bus bus, String directory, String tag) {
      return of(bus.virtio("9p").with("fsdev", directory).with("mount_tag", tag));
    }
  }

  /** Character devices: where the bytes of a console, a port or a monitor go on the host's side. */
  public static final class Chardev {

    private Chardev() {}

    /** A connected stream socket that QEMU inherits: {@code -chardev socket,id=qmp,fd=3}. */
    public static QemuOption socket(String id, int descriptor) {
      return chardev(Properties.of("socket").with("id", id).with("fd", descriptor));
    }

    /** A socket that another process has made, at a path of the host, to connect to. */
    public static QemuOption unixSocket(String id, String path) {
      return chardev(Properties.of("socket").with("id", id).with("path", path));
    }

    /**
     * QEMU's own standard input and output. Ctrl-C goes to the guest; Ctrl-a x ends QEMU: {@code
     * mux} provides that.
     */
    public static QemuOption stdio(String id) {
      return chardev(Properties.of("stdio").with("id", id).with("mux", true).with("signal", false));
    }

    /**
     * Two named pipes: what the guest reads is in {@code PATH.in}, what it writes {@code PATH.out}.
     */
    public static QemuOption pipe(String id, String path) {
      return chardev(Properties.of("pipe").with("id", id).with("path", path));
    }

    /** Nothing: what the guest writes is dropped. */
    public static QemuOption discard(String id) {
      return chardev(Properties.of("null").with("id", id));
    }

    /** A QMP monitor on a character device: {@code -mon chardev=qmp,mode=control}. */
    public static QemuOption monitor(String chardev) {
      return QemuOption.of(
          "-mon", Properties.none().with("chardev", chardev).with("mode", "control"));
    }

    private static QemuOption chardev(Properties properties) {
      return QemuOption.of("-chardev", properties);
    }
  }
}
