package dev.topology.plan;

import dev.topology.disk.DiskFile;
import dev.topology.model.Disk;
import dev.topology.model.Disk.Format;
import dev.topology.model.Disk.Mode;
import dev.topology.model.Disk.Source;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.qemu.Blockdev;
import dev.topology.plan.qemu.DiskDevices;
import dev.topology.plan.qemu.QemuOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A disk of a node as its QEMU gets it.
 *
 * @param disk what the user wants
 * @param file what its file is, if it has one
 * @param descriptor the number under which QEMU inherits the file that is made for the run, where
 *     what is written is gone with it
 */
public record DiskPlan(Disk disk, Optional<DiskFile> file, OptionalInt descriptor) {

  /** Those of a node, which inherits what is made for the run under numbers from the first on. */
  static List<DiskPlan> of(Node node, HostFacts facts, int firstNumber) throws PlanException {
    List<DiskPlan> plans = new ArrayList<>();
    int next = firstNumber;
    for (Disk disk : node.disks()) {
      Optional<Source.OfFile> source = disk.source().file();
      Optional<DiskFile> file = source.map(facts.disks()::get);
      if (source.isPresent() && file.isEmpty()) {
        throw new PlanException(
            "node \"%s\" has the disk %s, which nobody has looked at."
                .formatted(node.name(), source.get().path()));
      }
      boolean isForOneRun = source.map(it -> it.mode() == Mode.OVERLAY).orElse(true);
      plans.add(
          new DiskPlan(disk, file, isForOneRun ? OptionalInt.of(next++) : OptionalInt.empty()));
    }
    return plans;
  }

  /** The same disk, wherever the ends of the node's cables leave room for its number. */
  public DiskPlan withoutDescriptor() {
    return new DiskPlan(disk, file, OptionalInt.empty());
  }

  /** How large the guest sees it to be. */
  public long bytes() {
    long wanted =
        disk.source() instanceof Source.Empty empty
            ? empty.size().bytes()
            : disk.source().file().flatMap(Source.OfFile::size).map(Memory::bytes).orElse(0L);
    return Math.max(wanted, file.map(DiskFile::bytes).orElse(0L));
  }

  /** Whether the file that is made for the run is to have a file system: it is new, and mounted. */
  public boolean isFormatted() {
    return file.isEmpty() && disk.mount().isPresent();
  }

  /** The files that QEMU reads: the disk's own and those under it. */
  Stream<Path> reads() {
    return chain().stream().map(DiskFile::path);
  }

  /** The file that QEMU writes to. */
  Stream<Path> writes() {
    return disk
        .source()
        .file()
        .filter(it -> it.mode() == Mode.WRITE)
        .map(Source.OfFile::path)
        .stream();
  }

  /** Whether what the guest writes to it stays. */
  public boolean isWritten() {
    return writes().findAny().isPresent();
  }

  /** The files that nobody writes to while it is in use. */
  public Stream<Path> unwrittenFiles() {
    List<Path> written = writes().toList();
    return reads().filter(it -> !written.contains(it));
  }

  /** The images from the disk's own to the last one under it. */
  private List<DiskFile> chain() {
    return Stream.iterate(file, Optional::isPresent, it -> it.flatMap(DiskFile::backing))
        .map(Optional::orElseThrow)
        .toList();
  }

  /** The options for it: what is under it, itself, and the device, with its controller. */
  List<QemuOption> options(Wiring wiring, DiskDevices devices, boolean isBooted) {
    String name = "disk." + disk.name();
    List<QemuOption> options = new ArrayList<>(wiring.disk(this, name));
    options.addAll(devices.plug(disk.bus(), disk.name(), name, isBooted));
    return options;
  }

  /** With a file that is made for the run and inherited, or with the disk's own alone. */
  List<QemuOption> inheriting(String name) {
    List<QemuOption> options = new ArrayList<>();
    if (descriptor.isEmpty()) {
      boolean readOnly = writes().findAny().isEmpty();
      addChain(options, name, readOnly);
      return options;
    }
    int number = descriptor.getAsInt();
    Optional<String> base = addChain(options, "base." + disk.name(), true);
    options.add(Blockdev.descriptor(number));
    options.add(
        Blockdev.inherited(name, base.isPresent() ? Format.QCOW2 : Format.RAW, number, base));
    return options;
  }

  /** Adds the chain of images, the last one first. */
  private Optional<String> addChain(List<QemuOption> options, String first, boolean readOnly) {
    List<DiskFile> chain = chain();
    Optional<String> below = Optional.empty();
    for (int index = chain.size() - 1; index >= 0; index--) {
      String name = index == 0 ? first : "base" + index + "." + disk.name();
      DiskFile each = chain.get(index);
      String path = each.path().toString();
      boolean isRead = readOnly || index > 0;
      options.add(
          each.isDevice()
              ? Blockdev.device(name, each.format(), path, isRead, below)
              : Blockdev.file(name, each.format(), path, isRead, below));
      below = Optional.of(name);
    }
    return below;
  }

  /** Without anything inherited: an empty disk is a file of its name that a shell makes. */
  List<QemuOption> alone(String name, String directory) {
    if (descriptor.isEmpty()) {
      return inheriting(name);
    }
    return List.of(
        file.map(it -> Blockdev.snapshot(name, it.format(), it.path().toString()))
            .orElseGet(() -> Blockdev.plain(name, Format.RAW, directory + "/" + disk.name())));
  }
}
