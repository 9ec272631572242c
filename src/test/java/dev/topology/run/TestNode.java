package dev.topology.run;

import dev.topology.model.Accelerator;
import dev.topology.model.Cable;
import dev.topology.model.Cable.Shaper;
import dev.topology.model.Command;
import dev.topology.model.Endpoint;
import dev.topology.model.GuestService;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.Node.OnExit;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness;
import dev.topology.model.Topology;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes nodes of the model; what a test does not set has a usual value. */
final class TestNode {

  private final String name;
  private Optional<Command> command = Optional.empty();
  private Readiness readiness = Readiness.DEFAULT;
  private final List<String> dependsOn = new ArrayList<>();
  private final List<PortForward> ports = new ArrayList<>();
  private final List<GuestService> services = new ArrayList<>();
  private final List<String> channels = new ArrayList<>();
  private final List<String> qemuArgs = new ArrayList<>();
  private BootSource boot =
      new BootSource(Optional.of("default"), Optional.empty(), Optional.empty(), "");
  private OnExit onExit = OnExit.DONE;
  private Optional<HostNetwork> hostNetwork = Optional.empty();
  private int mebibytes = 128;
  private final List<FileOverlay> files = new ArrayList<>();

  private TestNode(String name) {
    this.name = name;
  }

  static TestNode node(String name) {
    return new TestNode(name);
  }

  static Topology topology(String name, TestNode... nodes) {
    return new Topology(
        name, List.of(nodes).stream().map(TestNode::build).toList(), List.of(), List.of());
  }

  /** Two nodes with one cable between their {@code eth1}: 10.64.0.0 and 10.64.0.1. */
  static Topology pair(String name, TestNode left, TestNode right) {
    return pair(name, left, right, Optional.empty(), Optional.empty());
  }

  static Topology pair(
      String name, TestNode left, TestNode right, Optional<Path> capture, Optional<Shaper> shaper) {
    Cable cable =
        new Cable(
            left.name + ":eth1--" + right.name + ":eth1",
            end(name, left, "10.64.0.0/31"),
            end(name, right, "10.64.0.1/31"),
            capture,
            shaper);
    return new Topology(name, List.of(left.build(), right.build()), List.of(), List.of(cable));
  }

  private static Endpoint end(String topology, TestNode node, String address) {
    return new Endpoint(
        node.name,
        "eth1",
        MacAddress.derive(topology, node.name, "eth1"),
        List.of(InterfaceAddress.parse(address).orElseThrow()),
        false,
        OptionalInt.empty());
  }

  TestNode runs(String script) {
    command = Optional.of(Command.ofShell(script));
    return this;
  }

  TestNode readyWhen(Readiness wanted) {
    readiness = wanted;
    return this;
  }

  TestNode after(String other) {
    dependsOn.add(other);
    return this;
  }

  TestNode publishes(int guestPort) {
    return publishes(
        new PortForward(Protocol.TCP, guestPort, IpAddress.LOOPBACK, OptionalInt.empty()));
  }

  TestNode publishes(PortForward port) {
    hostNetwork = Optional.of(new HostNetwork(port.protocol() == Protocol.UDP));
    ports.add(port);
    return this;
  }

  /** A service at 10.42.0.100. */
  TestNode reaches(int guestPort, GuestService.Target target) {
    services.add(new GuestService(IpAddress.parse("10.42.0.100").orElseThrow(), guestPort, target));
    return this;
  }

  TestNode hasChannels(String... names) {
    channels.addAll(List.of(names));
    // What a guest writes to a channel that is not read takes 32 MiB of its memory.
    return hasMebibytes(256);
  }

  TestNode hasMebibytes(int count) {
    mebibytes = count;
    return this;
  }

  TestNode lays(String guestPath, Path hostPath) {
    files.add(new FileOverlay(guestPath, hostPath));
    return this;
  }

  TestNode isService() {
    onExit = OnExit.FAIL;
    return this;
  }

  TestNode boots(BootSource wanted) {
    boot = wanted;
    return this;
  }

  TestNode withQemuArgs(String... arguments) {
    qemuArgs.addAll(List.of(arguments));
    return this;
  }

  private Node build() {
    return new Node(
        name,
        boot,
        TestHost.architecture(),
        Optional.empty(),
        Memory.ofMebibytes(mebibytes),
        1,
        Accelerator.AUTO,
        hostNetwork,
        ports,
        services,
        channels,
        files,
        List.of(),
        List.of(),
        command,
        List.of(),
        Map.of(),
        readiness,
        List.of(),
        false,
        List.of(),
        Map.of(),
        dependsOn,
        onExit,
        Optional.empty(),
        qemuArgs);
  }
}
