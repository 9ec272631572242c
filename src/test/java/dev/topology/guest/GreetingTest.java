package dev.topology.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Accelerator;
import dev.topology.model.Cable;
import dev.topology.model.Command;
import dev.topology.model.Endpoint;
import dev.topology.model.HostNetwork;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Readiness;
import dev.topology.model.Route;
import dev.topology.model.Topology;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GreetingTest {

  /** a ── b ── c, and a second, unaddressed cable between a and b. */
  private static final Topology LINE =
      new Topology(
          "line",
          List.of(node("a", true), node("b", false), node("c", true), node("lonely", true)),
          List.of(
              cable(end("a", "eth1", 1), end("b", "eth1", 2)),
              cable(end("a", "eth2", 3, "10.0.1.1/24"), end("b", "eth2", 4, "10.0.1.2/24")),
              cable(
                  end("b", "eth3", 5, "10.0.2.1/24", "fd00::1/64"),
                  end("c", "eth1", 6, "10.0.2.2/24", "fd00::2/64"))));

  @Test
  void namesInterfacesPeersRoutesAndTheCommand() {
    assertThat(lines("a"))
        .containsExactly(
            "hostname a",
            "interface eth0 02:72:82:bf:c3:56 dhcp",
            "interface eth1 02:00:00:00:00:01 none",
            "interface eth2 02:00:00:00:00:03 10.0.1.1/24",
            "peer b 10.0.1.2",
            "peer c 10.0.2.2",
            "peer c fd00::2",
            "route default 10.0.1.2",
            "forward",
            "command if true; then",
            "command   echo hello",
            "command fi");
  }

  @Test
  void hasNoHostInterfaceWhereTheNodeHasNone() {
    assertThat(lines("b"))
        .filteredOn(line -> line.startsWith("interface"))
        .containsExactly(
            "interface eth1 02:00:00:00:00:02 none",
            "interface eth2 02:00:00:00:00:04 10.0.1.2/24",
            "interface eth3 02:00:00:00:00:05 10.0.2.1/24,fd00::1/64");
  }

  @Test
  void namesAPeerByTheAddressOnTheCableShared() {
    assertThat(lines("c"))
        .filteredOn(line -> line.startsWith("peer"))
        .containsExactly("peer a 10.0.1.1", "peer b 10.0.2.1", "peer b fd00::1");
  }

  private static List<String> lines(String node) {
    return new Greetings(LINE).of(LINE.node(node).orElseThrow()).lines();
  }

  private static Cable cable(Endpoint left, Endpoint right) {
    return new Cable(left + "--" + right, left, right, Optional.empty());
  }

  private static Endpoint end(String node, String name, int number, String... addresses) {
    return new Endpoint(
        node,
        name,
        new MacAddress("02:00:00:00:00:0" + number),
        Stream.of(addresses).map(text -> InterfaceAddress.parse(text).orElseThrow()).toList());
  }

  private static Node node(String name, boolean hostNetwork) {
    return node(name, Optional.of(new HostNetwork(false)).filter(it -> hostNetwork));
  }

  private static Node node(String name, Optional<HostNetwork> hostNetwork) {
    return new Node(
        name,
        new Node.BootSource(Optional.of("default"), Optional.empty(), Optional.empty(), ""),
        Memory.ofMebibytes(256),
        1,
        Accelerator.AUTO,
        hostNetwork,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.of(Command.ofShell("if true; then\n  echo hello\nfi")),
        Readiness.DEFAULT,
        List.of(new Route("default", IpAddress.parse("10.0.1.2").orElseThrow())),
        true,
        List.of(),
        Node.OnExit.DONE,
        Optional.empty(),
        List.of());
  }
}
