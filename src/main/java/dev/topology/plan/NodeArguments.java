package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.GuestService;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Node;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.CablePlan.CableEnds.NumberedEnd;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.NodeSockets.HostSocket;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.guest.Greeting;
import dev.topology.plan.qemu.Board;
import dev.topology.plan.qemu.DiskDevices;
import dev.topology.plan.qemu.Machine;
import dev.topology.plan.qemu.Machine.Device;
import dev.topology.plan.qemu.Netdev;
import dev.topology.plan.qemu.QemuOption;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Writes the argument list of one node's QEMU. The order of the list is the order of the methods
 * that write it.
 */
final class NodeArguments {

  private static final String RANDOM = "random";

  /** The serial number by which the guest finds the disk of modules. */
  private static final String MODULES = "topology.modules";

  private final Node node;
  private final List<NumberedEnd> cableEnds;
  private final Wiring wiring;
  private final Board board;
  private final NodeSockets sockets;
  private final Optional<FirmwarePlan> firmware;
  private final List<DiskPlan> disks;
  private final OptionalInt identity;
  private final List<SharePlan> shares;
  private final Start start;
  private final List<QemuOption> options = new ArrayList<>();

  NodeArguments(
      Node node,
      List<NumberedEnd> cableEnds,
      Wiring wiring,
      NodeSockets sockets,
      Optional<FirmwarePlan> firmware,
      List<DiskPlan> disks,
      OptionalInt identity,
      List<SharePlan> shares,
      Start start) {
    this.node = node;
    this.cableEnds = cableEnds;
    this.wiring = wiring;
    this.sockets = sockets;
    this.firmware = firmware;
    this.disks = disks;
    this.identity = identity;
    this.board = Board.of(node);
    this.shares = shares;
    this.start = start;
  }

  List<String> list(
      String topology,
      Boot boot,
      Accelerator accelerator,
      GuestFacts facts,
      List<GuestService> services)
      throws PlanException {
    process(topology);
    machine(accelerator);
    options.addAll(boot.options(node, accelerator, facts, start));
    options.addAll(wiring.monitor(sockets.qmp()));
    random();
    serial();
    hostNetwork(services);
    cables();
    disks();
    shares();
    modules(boot);
    List<String> arguments =
        new ArrayList<>(options.stream().flatMap(QemuOption::arguments).toList());
    arguments.addAll(node.qemuArgs());
    return arguments;
  }

  private void process(String topology) {
    String guest = topology + "." + node.name();
    options.add(QemuOption.of("-name", Properties.none().with("guest", guest)));
    options.add(QemuOption.flag("-nodefaults"));
    options.add(QemuOption.flag("-no-user-config"));
    options.add(QemuOption.flag("-nographic"));
    if (node.pc().isEmpty()) {
      // A PC is reset as often as it wants to: an installation may ask for it.
      options.add(QemuOption.flag("-no-reboot"));
    }
    options.add(Machine.sandbox());
  }

  private void machine(Accelerator accelerator) {
    if (start.from().isPresent()) {
      options.addAll(board.machineWithMemoryOf(start.from().get().memory(), node.memory()));
      options.add(Machine.loaded());
    } else if (firmware.isPresent()) {
      options.addAll(firmware.get().options(wiring));
      options.add(board.machineWithFlash());
    } else if (shares.stream().allMatch(SharePlan::isQemus)) {
      options.add(board.machine());
    } else {
      options.addAll(board.machineWithSharedMemory(node.memory()));
    }
    options.addAll(board.processor(accelerator, node.cpus()));
    options.add(Machine.memory(node.memory()));
  }

  private void random() {
    options.add(Device.randomSource(RANDOM));
    options.add(Device.random(board.bus(), RANDOM));
  }

  /**
   * The console comes first: it takes port 0, which no other kind of port may have. That of a PC is
   * the serial port, which its firmware and its boot loader know as well.
   */
  private void serial() {
    options.add(Device.serialBus(board.bus(), sockets.kernelLog().isPresent() ? 1 : 0));
    options.add(wiring.chardev("console", sockets.console()));
    options.add(node.pc().isPresent() ? Device.uart("console") : Device.console("console"));
    port("control", sockets.control(), "topology.control");
    port("shell", sockets.shell(), "topology.shell");
    port("agent", sockets.agent(), "org.qemu.guest_agent.0");
    sockets.channels().forEach((name, socket) -> port("channel." + name, socket, name));
    sockets
        .kernelLog()
        .ifPresent(
            socket -> {
              options.add(wiring.chardev("kernel", socket));
              options.add(Device.console("kernel"));
            });
    if (node.pc().isEmpty()) {
      options.add(wiring.chardev("boot", sockets.boot()));
      options.add(Device.uart("boot"));
    }
  }

  private void port(String id, HostSocket socket, String name) {
    options.add(wiring.chardev(id, socket));
    options.add(Device.port(id, name));
  }

  /** Before the cables, so that a guest that does nothing about it finds it first as well. */
  private void hostNetwork(List<GuestService> services) {
    node.hostNetwork().ifPresent(network -> hostNetwork(network, services));
  }

  private void hostNetwork(HostNetwork network, List<GuestService> services) {
    String id = Greeting.HOST_INTERFACE;
    options.add(
        Netdev.user(new Netdev.User(id, node.name(), network.outside(), forwards(), services)));
    options.add(card(id, Greeting.HOST_MAC, OptionalInt.empty()));
  }

  /**
   * The host ports at which QEMU listens: the node's own, and where a TCP port tells whether it is
   * ready to which none of them leads, one more, as only a connection tells whether it is. Those at
   * which QEMU cannot listen lead from a port of 127.0.0.1 that the kernel chooses.
   */
  private List<PortForward> forwards() {
    Stream<PortForward> own = node.ports().stream().map(PortForward::inQemu);
    OptionalInt probed =
        node.readiness().condition().map(Condition::probedPort).orElse(OptionalInt.empty());
    if (probed.isEmpty()
        || node.ports().stream().anyMatch(forward -> leadsTo(forward, probed.getAsInt()))) {
      return own.toList();
    }
    PortForward probe =
        new PortForward(Protocol.TCP, probed.getAsInt(), IpAddress.LOOPBACK, OptionalInt.empty());
    return Stream.concat(own, Stream.of(probe)).toList();
  }

  /** From 127.0.0.1, where the connections are made that tell whether a port is open. */
  private static boolean leadsTo(PortForward forward, int guestPort) {
    return forward.protocol() == Protocol.TCP
        && forward.guestPort() == guestPort
        && forward.inQemu().hostAddress().sharesPortsWith(IpAddress.LOOPBACK);
  }

  private void cables() {
    for (NumberedEnd end : cableEnds) {
      String id = Netdev.idOf(end.endpoint().interfaceName());
      options.add(wiring.cable(id, end));
      options.add(card(id, end.endpoint().mac(), end.endpoint().mtu()));
    }
  }

  private QemuOption card(String id, MacAddress mac, OptionalInt mtu) {
    return node.pc()
        .map(it -> Netdev.card(it.card(), id, mac, mtu))
        .orElseGet(() -> Netdev.card(id, mac, mtu));
  }

  /**
   * A PC boots from the first. The last one tells its system who it is, which finds it as it finds
   * the first.
   */
  private void disks() {
    DiskDevices devices = new DiskDevices(board.bus());
    boolean isFirst = true;
    for (DiskPlan disk : disks) {
      options.addAll(disk.options(wiring, devices, isFirst && node.pc().isPresent()));
      isFirst = false;
    }
    identity.ifPresent(
        number -> options.addAll(wiring.identity(number, devices, disks.get(0).disk().bus())));
  }

  private void shares() {
    for (SharePlan share : shares) {
      options.addAll(share.options(wiring, board.bus()));
    }
  }

  /**
   * The last slot of the machine holds the disk of modules. A node with the most interfaces has
   * none left for it.
   */
  private void modules(Boot boot) {
    int used =
        cableEnds.size() + disks.size() + shares.size() + (node.hostNetwork().isPresent() ? 1 : 0);
    if (used < Node.MAX_INTERFACES) {
      boot.modules().ifPresent(disk -> options.addAll(Device.readOnlyDisk(MODULES, disk)));
    }
  }
}
