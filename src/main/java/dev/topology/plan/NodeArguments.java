package dev.topology.plan;

import dev.topology.model.Accelerator;
import dev.topology.model.GuestService;
import dev.topology.model.HostNetwork;
import dev.topology.model.Node;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.plan.guest.Greeting;
import dev.topology.plan.qemu.Device;
import dev.topology.plan.qemu.Machine;
import dev.topology.plan.qemu.Netdev;
import dev.topology.plan.qemu.QemuOption;
import dev.topology.plan.qemu.QemuOption.Properties;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the argument list of one node's QEMU. The order of the list is the order of the methods
 * that write it.
 */
final class NodeArguments {

  private static final String RANDOM = "random";

  private final Node node;
  private final List<CableEnd> cableEnds;
  private final Wiring wiring;
  private final boolean kernelLogApart;
  private final List<QemuOption> options = new ArrayList<>();

  NodeArguments(Node node, List<CableEnd> cableEnds, Wiring wiring, boolean kernelLogApart) {
    this.node = node;
    this.cableEnds = cableEnds;
    this.wiring = wiring;
    this.kernelLogApart = kernelLogApart;
  }

  List<String> list(
      String topology,
      Boot boot,
      Accelerator accelerator,
      HostFacts facts,
      List<GuestService> services)
      throws PlanException {
    process(topology);
    machine(accelerator);
    options.addAll(boot.options(node, accelerator, facts));
    options.addAll(wiring.monitor());
    random();
    serial();
    hostNetwork(services);
    cables();
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
    options.add(QemuOption.flag("-no-reboot"));
    options.add(Machine.sandbox());
  }

  private void machine(Accelerator accelerator) {
    options.add(Machine.microvm());
    options.addAll(Machine.processor(accelerator, node.cpus()));
    options.add(Machine.memory(node.memory()));
  }

  private void random() {
    options.add(Device.randomSource(RANDOM));
    options.add(Device.random(RANDOM));
  }

  /** The console comes first: it takes port 0, which no other kind of port may have. */
  private void serial() {
    options.add(Device.serialBus(kernelLogApart ? 1 : 0));
    options.add(wiring.chardev("console", Purpose.CONSOLE));
    options.add(Device.console("console"));
    port("control", Purpose.CONTROL, "topology.control");
    port("shell", Purpose.SHELL, "topology.shell");
    port("agent", Purpose.AGENT, "org.qemu.guest_agent.0");
    node.channels().forEach(name -> port("channel." + name, Purpose.CHANNEL, name));
    if (kernelLogApart) {
      options.add(wiring.chardev("kernel", Purpose.KERNEL_LOG));
      options.add(Device.console("kernel"));
    }
    options.add(wiring.chardev("boot", Purpose.BOOT));
    options.add(Device.uart("boot"));
  }

  private void port(String id, Purpose purpose, String name) {
    options.add(wiring.chardev(id, purpose));
    options.add(Device.port(id, name));
  }

  /** Before the cables, so that a guest that does nothing about it finds it first as well. */
  private void hostNetwork(List<GuestService> services) {
    node.hostNetwork().ifPresent(network -> hostNetwork(network, services));
  }

  private void hostNetwork(HostNetwork network, List<GuestService> services) {
    String id = Greeting.HOST_INTERFACE;
    options.add(
        Netdev.user(
            new Netdev.User(id, node.name(), network.outside(), Forwards.of(node), services)));
    options.add(Netdev.card(id, Greeting.HOST_MAC));
  }

  private void cables() {
    for (CableEnd end : cableEnds) {
      String id = Netdev.idOf(end.endpoint().interfaceName());
      options.addAll(wiring.cable(id, end));
      options.add(Netdev.card(id, end.endpoint().mac()));
    }
  }
}
