package dev.topology.plan.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.Cable;
import dev.topology.model.Command;
import dev.topology.model.Endpoint;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.Readiness;
import dev.topology.model.Route;
import dev.topology.model.Topology;
import dev.topology.plan.guest.Greeting.Moment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GreetingTest {

  /** a ── b ── c, and a second, unaddressed cable between a and b. */
  private static final Topology LINE =
      new Topology(
          "line",
          List.of(node("a", true), node("b", false), node("c", true), node("lonely", true)),
          List.of(),
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

  /** It has the addresses and the clock of the guest that was saved. */
  @Test
  void tellsACloneTheTimeFirstAndItsOwnAddresses() {
    Moment moment = Moment.of(Instant.ofEpochMilli(1_763_850_000_250L), new byte[] {10, 27});
    List<MacAddress> saved =
        Stream.of("02:72:82:bf:c3:56", "02:00:00:00:00:aa", "02:00:00:00:00:03")
            .map(it -> MacAddress.parse(it).orElseThrow())
            .toList();

    assertThat(greeting("a").linesForClone(moment, saved))
        .startsWith(
            "renew 1763850000 250 0a1b",
            "hostname a",
            "interface eth0 02:72:82:bf:c3:56 dhcp",
            "interface eth1 02:00:00:00:00:aa none 02:00:00:00:00:01",
            "interface eth2 02:00:00:00:00:03 10.0.1.1/24",
            "peer b 10.0.1.2")
        .noneMatch(line -> line.startsWith("clock") || line.startsWith("seed"));
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

  @Test
  void tellsWhatMayNotLeaveByTheHostInFewLines() {
    assertThat(unreachable("10.64.0.0/31", "10.64.0.1/31", "10.64.0.2/31", "10.64.0.4/31"))
        .containsExactly("10.64.0.0/30", "10.64.0.4/31");
    assertThat(unreachable("10.0.3.7/24", "10.0.0.1/8", "192.0.2.1/25", "192.0.2.129/25"))
        .containsExactly("10.0.0.0/8", "192.0.2.0/24");
    assertThat(unreachable("203.0.113.9/32", "fd00::1/64", "0.0.0.1/0", "128.0.0.1/1"))
        .containsExactly("128.0.0.0/1");
    assertThat(unreachable(pairs(1_000)))
        .containsExactly(
            "10.64.0.0/22",
            "10.64.4.0/23",
            "10.64.6.0/24",
            "10.64.7.0/25",
            "10.64.7.128/26",
            "10.64.7.192/28");
    assertThat(unreachable()).isEmpty();
  }

  private static String[] pairs(int cables) {
    return IntStream.range(0, cables)
        .mapToObj(it -> "10.64." + it / 128 + "." + it % 128 * 2 + "/31")
        .toArray(String[]::new);
  }

  @Test
  void roundsUpNetworksThatLieApart() {
    String[] apart =
        IntStream.range(0, 5_000)
            .mapToObj(it -> "10." + it / 100 + "." + it % 100 * 2 + ".1/24")
            .toArray(String[]::new);

    List<InterfaceAddress> told =
        unreachable(apart).map(it -> InterfaceAddress.parse(it).orElseThrow()).toList();

    IpAddress outside = IpAddress.parse("10.50.0.1").orElseThrow();
    assertThat(told).hasSizeLessThanOrEqualTo(64).noneMatch(it -> it.covers(outside));
    for (String address : apart) {
      IpAddress own = InterfaceAddress.parse(address).orElseThrow().address();
      assertThat(told).anyMatch(it -> it.covers(own));
    }
  }

  /** What a node with an outside is told of a topology with these addresses. */
  private static Stream<String> unreachable(String... addresses) {
    Node open = node("open", Optional.of(new HostNetwork(true)));
    List<Cable> cables =
        Stream.of(addresses).map(it -> cable(end("open", "eth1", 1), end("b", it, 2, it))).toList();
    Topology topology = new Topology("open", List.of(open, node("b", false)), List.of(), cables);
    Greetings greetings = new Greetings(topology);
    assertThat(greetings.of(topology.nodes().get(1), List.of(), Optional.empty()).lines())
        .noneMatch(it -> it.startsWith("unreachable"));
    return greetings.of(open, List.of(), Optional.empty()).lines().stream()
        .filter(it -> it.startsWith("unreachable "))
        .map(it -> it.substring("unreachable ".length()));
  }

  private static List<String> lines(String node) {
    return greeting(node).lines();
  }

  private static Greeting greeting(String node) {
    return new Greetings(LINE).of(LINE.node(node).orElseThrow(), List.of(), Optional.empty());
  }

  private static Cable cable(Endpoint left, Endpoint right) {
    return new Cable(left + "--" + right, left, right, Optional.empty());
  }

  private static Endpoint end(String node, String name, int number, String... addresses) {
    return new Endpoint(
        node,
        name,
        new MacAddress("02:00:00:00:00:0" + number),
        Stream.of(addresses).map(text -> InterfaceAddress.parse(text).orElseThrow()).toList(),
        false,
        OptionalInt.empty());
  }

  private static Node node(String name, boolean hostNetwork) {
    return node(name, Optional.of(new HostNetwork(false)).filter(it -> hostNetwork));
  }

  private static Node node(String name, Optional<HostNetwork> hostNetwork) {
    return new Node(
        name,
        new Node.BootSource(Optional.of("default"), Optional.empty(), Optional.empty(), ""),
        Architecture.AMD64,
        Optional.empty(),
        Memory.ofMebibytes(256),
        1,
        Accelerator.AUTO,
        hostNetwork,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.of(Command.ofShell("if true; then\n  echo hello\nfi")),
        List.of(),
        Map.of(),
        Readiness.DEFAULT,
        List.of(new Route("default", IpAddress.parse("10.0.1.2").orElseThrow())),
        true,
        List.of(),
        Map.of(),
        List.of(),
        Node.OnExit.DONE,
        Optional.empty(),
        List.of());
  }
}
