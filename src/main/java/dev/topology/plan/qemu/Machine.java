package dev.topology.plan.qemu;

import dev.topology.model.Accelerator;
import dev.topology.model.Memory;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.util.ArrayList;
import java.util.List;

/** The machine itself: microvm, its processor and its memory. */
public final class Machine {

  private Machine() {}

  /**
   * The microvm machine (docs/system/i386/microvm.rst) without most of its legacy devices. ACPI
   * stays, as distribution kernels find virtio devices by nothing else; so does the clock (rtc),
   * without which Linux waits two seconds for one, and the serial port, the only place where a
   * kernel can say why it does not come up before it has loaded the driver of its console.
   */
  public static QemuOption microvm() {
    return QemuOption.of(
        "-machine",
        Properties.of("microvm")
            .with("acpi", true)
            .with("rtc", true)
            .with("pit", false)
            .with("pic", false)
            .with("isa-serial", true)
            .with("auto-kernel-cmdline", false));
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
}
