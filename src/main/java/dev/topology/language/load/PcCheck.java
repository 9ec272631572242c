package dev.topology.language.load;

import static dev.topology.source.DiagnosticId.MACHINE_ARCH;
import static dev.topology.source.DiagnosticId.PC_SETTINGS;

import dev.topology.language.document.CloudInitDocument;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.MachineType;
import dev.topology.language.document.MachineType.BootWay;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.load.Draft.NodeDraft;
import dev.topology.language.load.HostFiles.State;
import dev.topology.language.value.HostPath;
import dev.topology.language.yaml.Report;
import dev.topology.model.Architecture;
import dev.topology.model.Disk.DiskBus;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Pc;
import dev.topology.source.Diagnostic;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether nodes that boot an operating system from their disk ask for what they can have. */
final class PcCheck {

  /** What a PC boots is on its disk. */
  static final BootSource NO_SOURCE =
      new BootSource(Optional.empty(), Optional.empty(), Optional.empty(), "");

  private final HostFiles files;
  private final HostPath.Base paths;
  private final Report report;

  PcCheck(HostFiles files, HostPath.Base paths, Report report) {
    this.files = files;
    this.paths = paths;
    this.report = report;
  }

  void check(Draft draft) {
    draft.nodes().values().forEach(this::check);
  }

  /** The PC of a node whose keys were found to be good. */
  static Pc pc(NodeDraft node, HostPath.Base paths) {
    NodeDocument keys = node.keys();
    Optional<CloudInitDocument> told = Optional.ofNullable(keys.cloudInit());
    return new Pc(
        hasBios(node)
            ? Objects.requireNonNullElse(keys.firmware(), Pc.Firmware.BIOS)
            : Pc.Firmware.UEFI,
        Objects.requireNonNullElse(keys.nic(), Pc.Card.VIRTIO),
        told.map(CloudInitDocument::sshKeys).orElse(List.of()).stream()
            .map(it -> paths.resolve(Objects.requireNonNull(it)))
            .toList(),
        told.map(CloudInitDocument::userData).map(paths::resolve));
  }

  private static boolean hasBios(NodeDraft node) {
    return node.machine().filter(it -> it == MachineType.VIRT).isEmpty();
  }

  private void check(NodeDraft node) {
    NodeDocument keys = node.keys();
    if (keys.arch() != null && hasOtherMachine(node, keys.arch())) {
      return;
    }
    if (keys.machine() == MachineType.MICROVM && keys.boot() == BootWay.FIRMWARE) {
      add(
          node.locate("machine"),
          "a microvm has no firmware that boots from a disk",
          "leave \"machine\" out, or say \"machine: q35\"");
    } else if (keys.machine() == MachineType.Q35 && keys.boot() == BootWay.DIRECT) {
      add(
          node.locate("boot"),
          "a q35 boots from its disk, by its firmware",
          "leave \"boot\" out; a kernel is booted by a microvm");
    } else if (node.isPc()) {
      checkPc(node);
    } else {
      checkNoPc(node);
    }
    CloudInitDocument told = keys.cloudInit();
    if (told != null) {
      List<@Nullable HostPath> sshKeys = Objects.requireNonNullElse(told.sshKeys(), List.of());
      for (int index = 0; index < sshKeys.size(); index++) {
        checkFile(sshKeys.get(index), node.locateNear("cloud_init", "ssh_keys", index));
      }
      checkFile(told.userData(), node.locateNear("cloud_init", "user_data"));
    }
  }

  /** Whether its machine is none for guests of that architecture, which then is reported. */
  private boolean hasOtherMachine(NodeDraft node, Architecture architecture) {
    MachineType machine = node.keys().machine();
    boolean isOther = machine != null && machine.architecture() != architecture;
    if (isOther) {
      report.add(
          Diagnostic.of(
                  MACHINE_ARCH,
                  node.locate("machine"),
                  "a " + machine + " runs no " + architecture + " guest")
              .related("its architecture:", node.locate("arch"))
              .hint("leave \"machine\" out, or \"arch\""));
    }
    return isOther;
  }

  private void checkPc(NodeDraft node) {
    if (node.disks().isEmpty() && !node.isHidden("disks")) {
      add(
          node.location(),
          "node " + Quote.of(node.name()) + " boots from its first disk, and has none",
          "such as \"disks: [debian-12.qcow2]\"");
    }
    NodeDocument keys = node.keys();
    String kernel = "its boot loader loads its kernel";
    checkNotOfPc(node, "image", keys.image(), kernel);
    checkNotOfPc(node, "kernel", keys.kernel(), kernel);
    checkNotOfPc(node, "initramfs", keys.initramfs(), kernel);
    checkNotOfPc(node, "cmdline", keys.cmdline(), kernel);
    String system = "its own system does that: \"cloud_init: {user_data: FILE}\", or by ssh";
    checkNotOfPc(node, "files", keys.files(), system);
    checkNotOfPc(node, "shares", keys.shares(), system);
    checkNotOfPc(node, "command", keys.command(), system);
    checkNotOfPc(node, "exec", keys.exec(), system);
    checkNotOfPc(node, "env", keys.env(), system);
    checkNotOfPc(node, "modules", keys.modules(), system);
    if (!hasBios(node)) {
      checkVirt(node);
    }
    for (int index = 0; index < node.disks().size(); index++) {
      DiskDocument disk = node.disks().get(index);
      if (disk != null && disk.mount() != null) {
        add(
            node.locateNear("disks", index, "mount"),
            "nothing of topology runs in a node that boots from its own disk, to mount this one",
            "its own system can: it finds it by its name, below \"/dev/disk/by-id\"");
      }
    }
  }

  /** A machine that has less than a PC. */
  private void checkVirt(NodeDraft node) {
    if (node.layers().get(0).keys().firmware() == Pc.Firmware.BIOS) {
      add(
          node.locateKey("firmware"),
          "a virt, the machine of arm64 guests, has no BIOS",
          "leave \"firmware\" out: its firmware is a UEFI");
    }
    for (int index = 0; index < node.disks().size(); index++) {
      DiskDocument disk = node.disks().get(index);
      if (disk != null && (disk.bus() == DiskBus.SATA || disk.bus() == DiskBus.IDE)) {
        add(
            node.locateNear("disks", index, "bus"),
            "a virt, the machine of arm64 guests, has no " + disk.bus() + " disks",
            "\"bus: scsi\", \"bus: nvme\", or leave it out");
      }
    }
  }

  /** A key that is for guests with our init or our kernel, and what to do instead. */
  private void checkNotOfPc(NodeDraft node, String key, @Nullable Object value, String instead) {
    if (value != null) {
      add(
          node.locateKey(key),
          Quote.of(key) + " is nothing for a node that boots from its own disk",
          instead);
    }
  }

  /** Defaults are for all nodes, so only what a node says itself was meant for it. */
  private void checkNoPc(NodeDraft node) {
    NodeDocument own = node.layers().get(0).keys();
    checkOfPc(node, "firmware", own.firmware());
    checkOfPc(node, "nic", own.nic());
    checkOfPc(node, "cloud_init", own.cloudInit());
    for (int index = 0; index < node.disks().size(); index++) {
      DiskDocument disk = node.disks().get(index);
      if (disk != null && disk.bus() != null && disk.bus() != DiskBus.VIRTIO) {
        add(
            node.locateNear("disks", index, "bus"),
            "a disk with \"bus: " + disk.bus() + "\" is for a node that boots from its own disk",
            "leave \"bus\" out, or say \"boot: firmware\" as well");
      }
    }
  }

  private void checkOfPc(NodeDraft node, String key, @Nullable Object value) {
    if (value != null) {
      add(
          node.locateKey(key),
          Quote.of(key) + " is for a node that boots from its own disk",
          "say \"boot: firmware\" as well, and which disk");
    }
  }

  private void checkFile(@Nullable HostPath written, Location place) {
    if (written != null) {
      Path path = paths.resolve(written);
      files
          .stateOf(path)
          .mistake(State.WITH_A_FILE, path, "a file", written.isRelative(), place)
          .ifPresent(report::add);
    }
  }

  private void add(Location place, String message, String hint) {
    report.add(Diagnostic.of(PC_SETTINGS, place, message).hint(hint));
  }
}
