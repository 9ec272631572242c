package dev.topology.plan.qemu;

import dev.topology.model.Accelerator;
import dev.topology.model.Memory;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The microvm machine: its processor, its memory, its devices, and where those lead. */
public final class Machine {

  private static final String RAM = "ram";

  private Machine() {}

  /**
   * The microvm machine (docs/system/i386/microvm.rst) without most of its legacy devices. ACPI
   * stays, as distribution kernels find virtio devices by nothing else; so does the clock (rtc),
   * without which Linux waits two seconds for one, and the serial port, the only place where a
   * kernel can say why it does not come up before it has loaded the driver of its console.
   */
  public static QemuOption microvm() {
    return QemuOption.of("-machine", properties());
  }

  private static Properties properties() {
    return Properties.of("microvm")
        .with("acpi", true)
        .with("rtc", true)
        .with("pit", false)
        .with("pic", false)
        .with("isa-serial", true)
        .with("auto-kernel-cmdline", false);
  }

  /**
   * The same with memory that other processes map as well, and with devices of virtio 1.0, as
   * virtiofsd needs both. Without {@code force-legacy=off}, virtio-mmio offers only its first
   * version.
   */
  public static List<QemuOption> microvmWithSharedMemory(Memory memory) {
    String size = memory.mebibytes() + "M";
    return List.of(
        QemuOption.of(
            "-object",
            Properties.of("memory-backend-memfd")
                .with("id", RAM)
                .with("size", size)
                .with("share", true)),
        QemuOption.of("-machine", properties().with("memory-backend", RAM)),
        QemuOption.of("-global", Properties.none().with("virtio-mmio.force-legacy", false)));
  }

  /**
   * A PC (docs/system/i386/pc.rst) with an ICH9 and PCI Express, whose firmware is SeaBIOS. It is
   * QEMU's own, and speaks on the serial port.
   */
  public static QemuOption q35() {
    return QemuOption.of("-machine", Properties.of("q35"));
  }

  /** How a machine's virtio devices are plugged in. */
  public enum Bus {
    /** The microvm's. */
    MMIO("device"),
    /** A PC's. */
    PCI("pci");

    private final String suffix;

    Bus(String suffix) {
      this.suffix = suffix;
    }

    /** The type of a device of a kind: {@code virtio-blk-pci}. */
    Properties virtio(String kind) {
      return Properties.of("virtio-" + kind + "-" + suffix);
    }
  }

  /**
   * What executes the guest's instructions, and the richest processor it can offer.
   *
   * <p>An emulated processor serves its virtio devices itself ({@code ioeventfd=off}). QEMU 7.2
   * does that anyway. Newer ones pass each notification on to another thread, for which the guest's
   * console waits in a loop: on a busy host, 3,000 lines took QEMU 10 a minute, not a second.
   */
  public static List<QemuOption> processor(Accelerator accelerator, int cpus) {
    boolean kvm = accelerator == Accelerator.KVM;
    List<QemuOption> options = new ArrayList<>();
    options.add(QemuOption.of("-accel", Properties.of(kvm ? "kvm" : "tcg")));
    options.add(QemuOption.of("-cpu", Properties.of(kvm ? "host" : "max")));
    options.add(QemuOption.of("-smp", Properties.none().with("cpus", cpus)));
    if (!kvm) {
      options.add(QemuOption.of("-global", Properties.none().with("virtio-mmio.ioeventfd", false)));
    }
    return options;
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

  /** Devices that the guest sees, all of them virtio, on the transport of the microvm machine. */
  public static final class Device {

    /** Ports of the serial device: number 0 is kept for a console, see virtio-serial-bus.c. */
    private static final int MAX_PORTS = 16;

    private Device() {}

    /** A device by its properties, the type first. */
    public static QemuOption of(Properties properties) {
      return QemuOption.of("-device", properties);
    }

    /** Connects the machine's serial port, {@code /dev/ttyS0}: {@code -serial chardev:boot}. */
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
     * A disk that the guest finds under a name. Where the host has no room left for what it writes,
     * it is told of an error: by default QEMU would hold it without a word.
     *
     * @param blockdev what it holds
     * @param isBooted whether the machine's firmware is to boot from it
     */
    public static QemuOption disk(Bus bus, String name, String blockdev, boolean isBooted) {
      Properties disk =
          bus.virtio("blk")
              .with("drive", blockdev)
              .with("serial", name)
              .with("werror", "report")
              .with("rerror", "report");
      return of(isBooted ? disk.with("bootindex", 0) : disk);
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
    public static QemuOption fileSystem(String chardev, String tag) {
      return of(Properties.of("vhost-user-fs-device").with("chardev", chardev).with("tag", tag));
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
