package dev.topology.plan.qemu;

import dev.topology.model.Disk.DiskBus;
import dev.topology.plan.qemu.Machine.Bus;
import dev.topology.plan.qemu.Machine.Device;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The disks of one machine, as its guest sees them, and the controllers that they are plugged into.
 * QEMU 7.2 has all of these devices as QEMU 10 has them. Not safe for use by several threads.
 */
public final class DiskDevices {

  /** A controller of SCSI disks. */
  private static final String SCSI = "scsi";

  /** A controller of IDE disks. QEMU calls the ports of a q35's AHCI controller {@code ide.0} …. */
  private static final String IDE = "pata";

  private final Bus bus;
  private final Map<DiskBus, Integer> plugged = new EnumMap<>(DiskBus.class);

  /**
   * None yet.
   *
   * @param bus how the machine's virtio devices are plugged in
   */
  public DiskDevices(Bus bus) {
    this.bus = bus;
  }

  /**
   * Plugs in one more, with its controller if it is the first there. Where the host has no room
   * left for what the guest writes, the guest is told of an error: by default QEMU would hold it
   * without a word.
   *
   * @param name by which the guest finds it: its serial number
   * @param blockdev what it holds
   * @param isBooted whether the machine's firmware is to boot from it
   */
  public List<QemuOption> plug(DiskBus where, String name, String blockdev, boolean isBooted) {
    List<QemuOption> options = new ArrayList<>();
    int index = plugged.merge(where, 1, Integer::sum) - 1;
    if (index == 0) {
      addController(options, where);
    }
    Properties disk = type(where, index).with("drive", blockdev).with("serial", name);
    if (where != DiskBus.NVME) {
      // An NVMe disk reports errors, and cannot be told to.
      disk = disk.with("werror", "report").with("rerror", "report");
    }
    options.add(Device.of(isBooted ? disk.with("bootindex", 0) : disk));
    return options;
  }

  private void addController(List<QemuOption> options, DiskBus where) {
    if (where == DiskBus.SCSI) {
      options.add(Device.of(bus.virtio("scsi").with("id", SCSI)));
    } else if (where == DiskBus.IDE) {
      options.add(Device.of(Properties.of("piix3-ide").with("id", IDE)));
    }
  }

  /** The type of a disk, and the place where it is plugged in. */
  private Properties type(DiskBus where, int index) {
    return switch (where) {
      case VIRTIO -> bus.virtio("blk");
      case SCSI -> Properties.of("scsi-hd").with("bus", SCSI + ".0");
      case SATA -> Properties.of("ide-hd").with("bus", "ide." + index);
      case IDE ->
          Properties.of("ide-hd").with("bus", IDE + "." + index / 2).with("unit", index % 2);
      case NVME -> Properties.of("nvme");
    };
  }
}
