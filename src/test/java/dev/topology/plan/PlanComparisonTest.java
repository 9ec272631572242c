package dev.topology.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.Architecture;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.PlanComparison.Standing;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What has to be done where a file has changed. */
class PlanComparisonTest {

  private static final String TRIO =
      """
      nodes: {a: {}, b: {}, c: {}}
      cables: [[a, b], [b, c]]
      """;

  private static List<String> changes(String from, String to) throws Exception {
    return changes(from, to, Map.of());
  }

  private static List<String> changes(String from, String to, Map<String, Standing> standings)
      throws Exception {
    Topology running = load(request(from));
    Topology wanted = load(request(to).after(running));
    return texts(PlanComparison.of(plan(running), plan(wanted), standings));
  }

  private static List<String> texts(PlanComparison comparison) {
    return comparison.changes().stream().map(PlanChange::describe).toList();
  }

  private static LoadRequest request(String yaml) {
    return LoadRequest.ofText(new SourceText("lab.yaml", yaml), Map.of());
  }

  private static Topology load(LoadRequest request) {
    return new TopologyLoader().load(request).orElseThrow();
  }

  private static LaunchPlan plan(Topology topology) throws Exception {
    return Planner.plan(topology, Lab.withDisksOf(topology, Lab.hostWithAgent()), Lab.OPTIONS);
  }

  @Test
  void commentsOtherFormsAndTheOrderOfNodesChangeNothing() throws Exception {
    String other =
        """
        # Three of them.
        defaults: {memory: 256MiB}
        nodes:
          c: {}
          b: {cpus: 1}
          a: {memory: 256MiB}
        cables:
          - {ends: [{node: a}, {node: b}]}
          - [b, c]
        """;
    assertThat(changes(TRIO, TRIO)).isEmpty();
    assertThat(changes(TRIO, other)).isEmpty();
  }

  @Test
  void aNewNodeRestartsOnlyThoseThatItIsCabledTo() throws Exception {
    String more =
        """
        nodes: {new: {}, a: {}, b: {}, c: {}}
        cables: [[c, new], [a, b], {ends: ["b:eth2", "c:eth1"]}]
        """;
    assertThat(changes(TRIO.replace("[b, c]", "{ends: [\"b:eth2\", \"c:eth1\"]}"), more))
        .containsExactly(
            "new: starts (new)",
            "c: restarts (cable c:eth2--new:eth1 is new; a node gets its cables when it starts)",
            "cable c:eth2--new:eth1: is plugged in (new)");
  }

  @Test
  void cablesKeepTheAddressesThatTheyHaveThoughOthersComeBeforeThem() throws Exception {
    Topology running = load(request(TRIO));
    Topology wanted =
        load(
            request("nodes: {a: {}, b: {}, c: {}, d: {}, e: {}}\ncables: [[d, e], [a, b], [b, c]]")
                .after(running));

    assertThat(wanted.cables().subList(1, 3)).isEqualTo(running.cables());
    assertThat(wanted.cables().get(0).left().addresses().toString()).isEqualTo("[10.64.0.4/31]");
    assertThat(texts(PlanComparison.of(plan(running), plan(wanted), Map.of())))
        .containsExactly(
            "d: starts (new)", "e: starts (new)", "cable d:eth1--e:eth1: is plugged in (new)");
  }

  @Test
  void anAddressThatTheFileNowGivesToAnotherIsNotKept() throws Exception {
    String taken =
        """
        nodes: {a: {}, b: {}, c: {}}
        cables: [[a, b], {ends: [b, {node: c, address: 10.64.0.0/31}]}]
        """;
    assertThat(changes(TRIO, taken))
        .containsExactly(
            "a: restarts (eth1 has another address)",
            "b: restarts (eth1 has another address, eth2 has another address)",
            "c: restarts (eth1 has another address)");
  }

  @Test
  void endsAtASwitchKeepTheirAddresses() throws Exception {
    String lan = "nodes: {a: {}, b: {}, c: {}}\nswitches: {office: [a, b]}";
    assertThat(changes(lan, lan.replace("[a, b]", "[c, a, b]")))
        .containsExactly(
            "c: restarts (cable office--c:eth1 is new; a node gets its cables when it starts)",
            "cable office--c:eth1: is plugged in (new)");
    assertThat(changes(lan, lan.replace("office: [a, b]", "first: [c], office: [a, b]")))
        .containsExactly(
            "c: restarts (cable first--c:eth1 is new; a node gets its cables when it starts)",
            "switch first: starts (new)",
            "cable first--c:eth1: is plugged in (new)");
    assertThat(changes(lan, "nodes: {a: {}, b: {}, c: {}}"))
        .containsExactly(
            "a: restarts (cable office--a:eth1 is gone)",
            "b: restarts (cable office--b:eth1 is gone)",
            "switch office: ends (it is not in the file any more)",
            "cable office--a:eth1: is unplugged (it is not in the file any more)",
            "cable office--b:eth1: is unplugged (it is not in the file any more)");
  }

  @Test
  void aNodeThatIsGoneEndsAndItsNeighboursLoseTheirCables() throws Exception {
    assertThat(changes(TRIO, "nodes: {a: {}, b: {}}\ncables: [[a, b]]"))
        .containsExactly(
            "c: ends (it is not in the file any more)",
            "b: restarts (cable b:eth2--c:eth1 is gone)",
            "cable b:eth2--c:eth1: is unplugged (it is not in the file any more)");
  }

  @Test
  void aKeyOfANodeRestartsItAlone() throws Exception {
    assertThat(changes(TRIO, TRIO.replace("a: {}", "a: {memory: 512MiB, env: {A: b}}")))
        .containsExactly("a: restarts (changed: memory, env)");
    assertThat(changes(TRIO, TRIO.replace("c: {}", "c: {ports: {80: auto}}")))
        .containsExactly("c: restarts (changed: ports)");
    assertThat(changes(TRIO, TRIO.replace("c: {}", "c: {disks: [{size: 1GiB}]}")))
        .containsExactly("c: restarts (changed: disks)");
  }

  @Test
  void whatOnlyTheProgramGoesByRestartsNothing() throws Exception {
    String rules = "a: {on_exit: fail, depends_on: [b], ready: {console: \"up\"}}";
    assertThat(changes(TRIO, TRIO.replace("a: {}", rules)))
        .containsExactly("a: runs on (changed: ready, depends_on, on_exit)");
    assertThat(changes(TRIO.replace("a: {}", rules), TRIO.replace("a: {}", rules))).isEmpty();
    Standing booting = new Standing(true, false, false, List.of());
    assertThat(changes(TRIO, TRIO.replace("a: {}", rules), Map.of("a", booting)))
        .containsExactly("a: restarts (changed: ready, for which it still waits)");
  }

  @Test
  void theShapeOfACableChangesWhileItRuns() throws Exception {
    String shaped = TRIO.replace("[a, b]", "{ends: [a, b], name: ab, delay: 5ms}");
    assertThat(changes(shaped, shaped.replace("delay: 5ms", "delay: 9ms, loss: 1%")))
        .containsExactly("cable ab: is shaped (delay=9ms loss=1%)");
    assertThat(changes(shaped, shaped.replace("delay: 5ms", "shaped: true")))
        .containsExactly("cable ab: is shaped (idle)");
    assertThat(changes(shaped, shaped.replace("name: ab, ", "name: other, ")))
        .containsExactly("cable ab: is called other");
    assertThat(changes(shaped, shaped.replace("name: ab", "name: ab, capture: ab.pcap")))
        .containsExactly("cable ab: is captured into " + Path.of("ab.pcap").toAbsolutePath());
    String plain = shaped.replace(", delay: 5ms", "");
    assertThat(changes(shaped, plain)).containsExactly("cable ab: has no shaper any more");
    assertThat(changes(plain, shaped)).containsExactly("cable ab: gets a shaper (delay=5ms)");
    assertThat(changes(shaped, shaped.replace("delay", "seed: 3, delay")))
        .containsExactly("cable ab: gets a shaper with another seed (delay=5ms)");
    String out = "nodes: {a: {}}\ncables: [[a, {udp: 192.0.2.7:5001, listen: 5002}]]\n";
    assertThat(changes(out, out.replace("5002", "5003")))
        .contains("cable a:eth1--udp/192.0.2.7:5001: is replaced (it listens at another port)");
    assertThat(
            changes(
                out,
                out.replace(
                    "[[a, {udp: 192.0.2.7:5001, listen: 5002}]]",
                    "[{ends: [a, {udp: 192.0.2.7:5001, listen: 5002}], seed: 3}]")))
        .contains("cable a:eth1--udp/192.0.2.7:5001: is replaced (it has another seed)");
  }

  @Test
  void interfacesAreNamedByTheFile() throws Exception {
    assertThat(changes(TRIO, TRIO.replace("[a, b], [b, c]", "[b, c], [a, b]")))
        .contains(
            "cable a:eth1--b:eth1: is unplugged (it is not in the file any more)",
            "cable b:eth1--c:eth1: is plugged in (new)");
    String named = "{ends: [\"a:eth1\", \"b:eth1\"]}, {ends: [\"b:eth2\", \"c:eth1\"]}";
    String turned = "{ends: [\"b:eth2\", \"c:eth1\"]}, {ends: [\"a:eth1\", \"b:eth1\"]}";
    assertThat(changes(TRIO, TRIO.replace("[a, b], [b, c]", named))).isEmpty();
    assertThat(changes(TRIO, TRIO.replace("[a, b], [b, c]", turned)))
        .containsExactly("b: restarts (its cables are in another order)");
  }

  @Test
  void severalCablesBetweenTwoSwitchesAreKnownByTheirNames() throws Exception {
    String two =
        """
        nodes: {a: {}}
        switches: {one: [a], two: {}}
        cables: [{ends: [one, two], name: x, delay: 1ms}, {ends: [one, two], name: y, delay: 2ms}]
        """;
    assertThat(changes(two, two.replace("{ends: [one, two], name: x, delay: 1ms}, ", "")))
        .containsExactly("cable x: is unplugged (it is not in the file any more)");
  }

  @Test
  void filesOfOtherContentAndFailedStartsCount() throws Exception {
    Path page = Path.of("/lab/page");
    assertThat(
            changes(
                TRIO,
                TRIO,
                Map.of(
                    "a", new Standing(true, true, false, List.of(page)),
                    "b", new Standing(false, false, true, List.of()),
                    "c", new Standing(false, true, false, List.of()))))
        .containsExactly(
            "a: restarts (/lab/page has changed)", "b: starts (it could not be started before)");
  }

  @Test
  void anotherQemuRestartsAll() throws Exception {
    Topology topology = load(request(TRIO));
    LaunchPlan plan = Planner.plan(topology, Lab.host(), Lab.OPTIONS);
    GuestFacts guests =
        Lab.guests(new QemuBinary(Lab.guests().qemu().path(), "99.0", true), Lab.guests().images());
    LaunchPlan other =
        Planner.plan(topology, HostFacts.of(Architecture.AMD64, guests), Lab.OPTIONS);
    assertThat(texts(PlanComparison.of(plan, other, Map.of())))
        .containsExactly(
            "a: restarts (QEMU is 99.0 now)",
            "b: restarts (QEMU is 99.0 now)",
            "c: restarts (QEMU is 99.0 now)");
  }

  @Test
  void aPlanNamesTheFilesThatItsGuestsGet() throws Exception {
    LaunchPlan plan =
        plan(load(request("nodes: {a: {files: {/etc/motd: ./motd}, kernel: ./vmlinuz}}")));
    assertThat(plan.nodes().get(0).sources())
        .containsSubsequence(Path.of("vmlinuz").toAbsolutePath(), Path.of("motd").toAbsolutePath());
  }
}
