package dev.topology.plan;

import dev.topology.model.Disk.DiskBus;
import dev.topology.model.Disk.Format;
import dev.topology.model.Node;
import dev.topology.plan.CablePlan.CableEnds.NumberedEnd;
import dev.topology.plan.NodeSockets.HostSocket;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.qemu.Blockdev;
import dev.topology.plan.qemu.Board;
import dev.topology.plan.qemu.DiskDevices;
import dev.topology.plan.qemu.Machine.Chardev;
import dev.topology.plan.qemu.Netdev;
import dev.topology.plan.qemu.QemuOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a node's character devices and cables lead on the host's side. The rest of its QEMU options
 * do not depend on it.
 */
enum Wiring {
  /** Everything leads to a socketpair whose end QEMU inherits. */
  INHERITED {
    /** The guest is held (-S) until all of the topology could be started. */
    @Override
    List<QemuOption> monitor(HostSocket socket) {
      return List.of(
          Chardev.socket(MONITOR, socket.number()),
          Chardev.monitor(MONITOR),
          QemuOption.flag("-S"));
    }

    @Override
    QemuOption chardev(String id, HostSocket socket) {
      return Chardev.socket(id, socket.number());
    }

    @Override
    QemuOption cable(String id, NumberedEnd end) {
      return Netdev.socket(id, end.number());
    }

    @Override
    List<QemuOption> disk(DiskPlan disk, String name) {
      return disk.inheriting(name);
    }

    @Override
    List<QemuOption> identity(int number, DiskDevices devices, DiskBus bus) {
      List<QemuOption> options = new ArrayList<>();
      options.add(Blockdev.descriptor(number));
      options.add(Blockdev.inherited(IDENTITY, Format.RAW, number, Optional.empty()));
      options.addAll(devices.plug(bus, IDENTITY, IDENTITY, false));
      return options;
    }

    @Override
    List<QemuOption> firmware(FirmwarePlan plan) {
      return List.of(
          code(plan),
          Blockdev.descriptor(plan.descriptor()),
          Blockdev.inherited(Board.VARIABLES, Format.RAW, plan.descriptor(), Optional.empty()));
    }

    @Override
    Optional<String> shareSocket(String tag) {
      return Optional.empty();
    }

    @Override
    ServiceRoutes services(Node node, Boot boot) throws PlanException {
      return ServiceRoutes.of(node, boot);
    }
  },

  /**
   * Nothing is inherited, so that a shell can start the node: its console is the terminal, its
   * control port a pair of named pipes, its cables lead nowhere, and it starts at once.
   */
  STANDALONE {
    @Override
    List<QemuOption> monitor(HostSocket socket) {
      return List.of();
    }

    @Override
    QemuOption chardev(String id, HostSocket socket) {
      return switch (socket.purpose()) {
        case CONSOLE -> Chardev.stdio(id);
        case CONTROL -> Chardev.pipe(id, DIRECTORY + "/control");
        case SHARE -> Chardev.unixSocket(id, DIRECTORY + "/" + id);
        default -> Chardev.discard(id);
      };
    }

    /** Each cable gets a hub of its own. */
    @Override
    QemuOption cable(String id, NumberedEnd end) {
      return Netdev.hubport(id, end.hub());
    }

    @Override
    List<QemuOption> disk(DiskPlan disk, String name) {
      return disk.alone(name, DIRECTORY);
    }

    @Override
    List<QemuOption> identity(int number, DiskDevices devices, DiskBus bus) {
      return List.of();
    }

    @Override
    List<QemuOption> firmware(FirmwarePlan plan) {
      String variables = plan.files().variables().toString();
      return List.of(code(plan), Blockdev.snapshot(Board.VARIABLES, Format.RAW, variables));
    }

    @Override
    Optional<String> shareSocket(String tag) {
      return Optional.of(DIRECTORY + "/" + tag);
    }

    @Override
    ServiceRoutes services(Node node, Boot boot) {
      return ServiceRoutes.alone(node);
    }
  };

  /**
   * Stands for the directory of the named pipes, which only the shell knows. No argument of a
   * program can contain it otherwise.
   */
  static final String DIRECTORY = "\0";

  private static final String MONITOR = "qmp";
  private static final String IDENTITY = "topology.identity";

  /** The options of the monitor, and whether the guest waits to be started by it. */
  abstract List<QemuOption> monitor(HostSocket socket);

  /** The character device, called {@code id}, behind a console or a port. */
  abstract QemuOption chardev(String id, HostSocket socket);

  /** The network back end, called {@code id}, of a cable's end. */
  abstract QemuOption cable(String id, NumberedEnd end);

  /** The disk by which cloud-init in a PC learns who the node is, if it can be had. */
  abstract List<QemuOption> identity(int number, DiskDevices devices, DiskBus bus);

  /** What is in the flash chips of a PC with a UEFI. */
  abstract List<QemuOption> firmware(FirmwarePlan plan);

  private static QemuOption code(FirmwarePlan plan) {
    String file = plan.files().code().toString();
    return Blockdev.file(Board.CODE, Format.RAW, file, /* readOnly= */ true, Optional.empty());
  }

  /** What is behind a disk: block devices, the last of which is called {@code name}. */
  abstract List<QemuOption> disk(DiskPlan disk, String name);

  /** Where the program that serves a share makes its socket; empty if it inherits that. */
  abstract Optional<String> shareSocket(String tag);

  /** How the guest reaches the services of the host. */
  abstract ServiceRoutes services(Node node, Boot boot) throws PlanException;
}
