package dev.topology.plan.qemu;

import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.plan.qemu.Machine.Bus;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The machines that nodes can be, and what each of them wants of QEMU and of Linux. */
public enum Board {
  /**
   * The machine docs/system/i386/microvm.rst without most of its legacy devices. ACPI stays, as
   * distribution kernels find virtio devices by nothing else; so does the clock (rtc), without
   * which Linux waits two seconds for one, and the serial port, the only place where a kernel can
   * say why it does not come up before it has loaded the driver of its console.
   *
   * <p>It reboots by a triple fault, the one way that needs no device. Linux measures the time
   * stamp counter against a timer, which fails at random under emulation and then hangs: it is told
   * the rate instead.
   */
  MICROVM(
      Bus.MMIO,
      "max",
      "reboot=t console=%s quiet earlyprintk=ttyS0 panic=-1",
      "tsc_early_khz=%d tsc=reliable cryptomgr.notests init_on_alloc=0"),

  /**
   * A PC (docs/system/i386/pc.rst) with an ICH9 and PCI Express, whose firmware is SeaBIOS unless
   * it has another. That is QEMU's own, and speaks on the serial port.
   */
  Q35(Bus.PCI, "max", "", ""),

  /**
   * The machine docs/system/arm/virt.rst, whose virtio devices and serial port are where those of a
   * microvm are. It reboots and powers off by PSCI. Linux finds everything in a device tree, sooner
   * than in ACPI. Of the processors that QEMU emulates, {@code max} has pointer authentication,
   * which makes a boot take four times as long.
   */
  VIRT(
      Bus.MMIO,
      "cortex-a57",
      "console=%s quiet earlycon panic=-1",
      "cryptomgr.notests init_on_alloc=0"),

  /**
   * The same machine with a UEFI, as its operating systems expect it: with ACPI, and virtio devices
   * on PCI Express, which the UEFI and their boot loaders know as well.
   */
  VIRT_WITH_FIRMWARE(Bus.PCI, "cortex-a57", "", "");

  /** The block devices that are a machine's flash chips. */
  public static final String CODE = "firmware.code";

  public static final String VARIABLES = "firmware.variables";

  private final Bus bus;
  private final String emulated;
  private final String kernelArguments;
  private final String whenEmulated;

  /**
   * @param emulated the processor under TCG
   * @param kernelArguments {@code %s} is the console of its log. A panic ends the guest at once
   *     instead of never. Until the driver of that console is loaded, errors and the reason of a
   *     panic go to the serial port, which costs a boot 0.03 s; it has to come after "quiet", which
   *     it otherwise precedes. Documentation/admin-guide/kernel-parameters.txt
   * @param whenEmulated more of them under TCG. {@code %d} is the rate of the time stamp counter in
   *     kHz; the self tests of Linux's ciphers, and clearing all memory that is allocated, as
   *     Debian does to be safe from its own mistakes, only cost time. The command line of an image
   *     or node comes later, and may ask for it
   */
  Board(Bus bus, String emulated, String kernelArguments, String whenEmulated) {
    this.bus = bus;
    this.emulated = emulated;
    this.kernelArguments = kernelArguments;
    this.whenEmulated = whenEmulated;
  }

  /** The machine that a node is. */
  public static Board of(Node node) {
    if (node.pc().isEmpty()) {
      return ofKernel(node.architecture());
    }
    return switch (node.architecture()) {
      case AMD64 -> Q35;
      case ARM64 -> VIRT_WITH_FIRMWARE;
    };
  }

  /** The machine on which a kernel of an architecture is booted. */
  public static Board ofKernel(Architecture architecture) {
    return switch (architecture) {
      case AMD64 -> MICROVM;
      case ARM64 -> VIRT;
    };
  }

  /** As QEMU calls it: {@code microvm}. */
  @Override
  public String toString() {
    return this == VIRT_WITH_FIRMWARE ? VIRT.toString() : name().toLowerCase(Locale.ROOT);
  }

  /** The processor that QEMU emulates for it. */
  public String emulated() {
    return emulated;
  }

  /** How its virtio devices are plugged in. */
  public Bus bus() {
    return bus;
  }

  /** The machine itself. */
  public QemuOption machine() {
    return QemuOption.of("-machine", properties());
  }

  /**
   * What QEMU calls its RAM where it is not said, and in what it saves as well: so a guest whose
   * RAM was not in a file can go on where it is.
   */
  public String ram() {
    return switch (this) {
      case MICROVM -> "microvm.ram";
      case Q35 -> "pc.ram";
      case VIRT, VIRT_WITH_FIRMWARE -> "mach-virt.ram";
    };
  }

  /** The same with a firmware of its own in its flash chips, {@link #CODE} and the other. */
  public QemuOption machineWithFlash() {
    return QemuOption.of("-machine", properties().with("pflash0", CODE).with("pflash1", VARIABLES));
  }

  private Properties properties() {
    return switch (this) {
      case MICROVM ->
          Properties.of(toString())
              .with("acpi", true)
              .with("rtc", true)
              .with("pit", false)
              .with("pic", false)
              .with("isa-serial", true)
              .with("auto-kernel-cmdline", false);
      case Q35 -> Properties.of(toString());
      // The first interrupt controller, which is the default, is for eight processors.
      case VIRT -> Properties.of(toString()).with("acpi", false).with("gic-version", "max");
      case VIRT_WITH_FIRMWARE -> Properties.of(toString()).with("gic-version", "max");
    };
  }

  /**
   * The same with memory that other processes map as well, and with devices of virtio 1.0, as
   * virtiofsd needs both. Without {@code force-legacy=off}, virtio-mmio offers only its first
   * version.
   */
  public List<QemuOption> machineWithSharedMemory(Memory memory) {
    String size = memory.mebibytes() + "M";
    return List.of(
        QemuOption.of(
            "-object",
            Properties.of("memory-backend-memfd")
                .with("id", ram())
                .with("size", size)
                .with("share", true)),
        QemuOption.of("-machine", properties().with("memory-backend", ram())),
        QemuOption.of("-global", Properties.none().with("virtio-mmio.force-legacy", false)));
  }

  /** The same with memory as it is in a file: the guest gets pages of its own where it writes. */
  public List<QemuOption> machineWithMemoryOf(Path file, Memory memory) {
    return List.of(
        QemuOption.of(
            "-object",
            Properties.of("memory-backend-file")
                .with("id", ram())
                .with("size", memory.mebibytes() + "M")
                .with("mem-path", file.toString())
                .with("share", false)),
        QemuOption.of("-machine", properties().with("memory-backend", ram())));
  }

  /**
   * What executes the guest's instructions, and the richest processor it can offer at full speed.
   *
   * <p>An emulated processor serves its virtio devices itself ({@code ioeventfd=off}). QEMU 7.2
   * does that anyway. Newer ones pass each notification on to another thread, for which the guest's
   * console waits in a loop: on a busy host, 3,000 lines took QEMU 10 a minute, not a second.
   */
  public List<QemuOption> processor(Accelerator accelerator, int cpus) {
    boolean kvm = accelerator == Accelerator.KVM;
    List<QemuOption> options = new ArrayList<>();
    options.add(QemuOption.of("-accel", Properties.of(kvm ? "kvm" : "tcg")));
    options.add(QemuOption.of("-cpu", kvm ? Properties.of("host") : emulatedProcessor()));
    options.add(QemuOption.of("-smp", Properties.none().with("cpus", cpus)));
    if (!kvm) {
      options.add(QemuOption.of("-global", Properties.none().with("virtio-mmio.ioeventfd", false)));
    }
    return options;
  }

  /**
   * Without fast string operations (erms): Linux would clear and copy pages by them, and QEMU
   * emulates them byte by byte. That takes a tenth of a boot.
   */
  private Properties emulatedProcessor() {
    Properties all = Properties.of(emulated);
    return toString().equals("virt") ? all : all.with("erms", false);
  }

  /**
   * What the kernel of every guest on it is told.
   *
   * @param console where its log goes: {@code hvc0} is the virtio console, {@code hvc1} the kernel
   *     log kept apart from it
   * @param tscKhz the rate of the time stamp counter, where it has one
   */
  public String kernelArguments(String console, Accelerator accelerator, long tscKhz) {
    String always = kernelArguments.formatted(console);
    return accelerator == Accelerator.TCG ? always + " " + whenEmulated.formatted(tscKhz) : always;
  }
}
