package dev.topology.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.BitRate;
import dev.topology.model.Cable.Shaper;
import dev.topology.model.ContainerReference;
import dev.topology.model.MacAddress;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness.Condition;
import dev.topology.model.Route;
import dev.topology.model.Shaping;
import dev.topology.model.Share;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.guest.Greeting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PlanGoldenTest {

  @Test
  void pairUnderEmulation() throws PlanException {
    golden("pair-tcg", Lab.pair(), Lab.host());
  }

  @Test
  void pairOnKvm() throws PlanException {
    golden("pair-kvm", Lab.pair(), Lab.hostWithKvm());
  }

  @Test
  void guestsOfAnotherArchitectureBesideThoseOfTheHosts() throws PlanException {
    Topology topology =
        new Lab()
            .node("pc")
            .node(new Lab.Draft("board").architecture(Architecture.ARM64))
            .cable("pc", 1, "board", 1)
            .topology("mixed");

    golden("mixed", topology, Lab.hostWithKvm());
  }

  @Test
  void pairOnAnArmHost() throws PlanException {
    Topology topology =
        new Lab()
            .node(new Lab.Draft("left").architecture(Architecture.ARM64))
            .node(new Lab.Draft("right").architecture(Architecture.ARM64))
            .cable("left", 1, "right", 1)
            .topology("pair");

    golden("pair-arm64-tcg", topology, Lab.armHost(/* kvm= */ false));
    golden("pair-arm64-kvm", topology, Lab.armHost(/* kvm= */ true));
  }

  @Test
  void portsAndServices() throws PlanException {
    golden("ports", ports(), Lab.host());
  }

  @Test
  void namesWithCommasQuotesAndBlanks() throws PlanException {
    golden("odd-names", oddNames(), Lab.host());
  }

  @Test
  void channelsFilesAndAKernelOfTheUsers() throws PlanException {
    golden("own-kernel", ownKernel(), Lab.hostWithKvm());
  }

  @Test
  void containerImagesOnTheBuiltInOne() throws PlanException {
    ContainerReference reference =
        new ContainerReference.Local(Path.of("/my/l, 2"), Optional.of("v1"));
    BootSource boot =
        new BootSource(
            Optional.of("default"), Optional.of(reference), Optional.empty(), Optional.empty(), "");
    Topology topology =
        new Lab()
            .node(
                new Lab.Draft("web")
                    .boot(boot)
                    .command("nginx -v\nexec nginx")
                    .files(new FileOverlay("/etc/motd", Path.of("/home/me/motd"))))
            .topology("shop");
    GuestFacts guests = Lab.guests();
    HostFacts host =
        HostFacts.of(
            Architecture.AMD64,
            Lab.guests(
                guests.qemu(),
                guests.kvm(),
                guests.images(),
                Map.of(reference, Path.of("/cache/containers/disks/4bcf.erofs"))));
    LaunchPlan plan = Planner.plan(topology, host, Lab.OPTIONS);

    Golden.assertMatches("plan/container.txt", new PlanText(plan).only(plan.nodes().get(0)));
    assertThat(plan.nodes().get(0).overlay().orElseThrow().files())
        .containsExactly(new FileOverlay("/etc/topology/files/etc/motd", Path.of("/home/me/motd")));
  }

  @Test
  void cablesThatAreShapedAndCaptured() throws PlanException {
    golden("shaped", shaped(), Lab.host());
  }

  @Test
  void oneNodeWithAShapedCableForAShell() throws PlanException {
    Topology topology = shaped();

    StandalonePlan plan =
        Planner.standalone(topology, Lab.host(), Lab.OPTIONS, topology.nodes().get(0));

    Golden.assertMatches("plan/shaped.sh", plan.script());
  }

  @Test
  void oneNodeWithWhatItsGuestIsTold() throws PlanException {
    LaunchPlan plan = Planner.plan(router(), Lab.host(), Lab.OPTIONS);

    Golden.assertMatches("plan/router.txt", new PlanText(plan).only(plan.nodes().get(1)));
  }

  @Test
  void oneNodeForAShell() throws PlanException {
    Topology topology = router();

    StandalonePlan plan =
        Planner.standalone(topology, Lab.host(), Lab.OPTIONS, topology.nodes().get(1));

    Golden.assertMatches("plan/router.sh", plan.script());
  }

  @Test
  void oneNodeOfOddNamesForAShell() throws PlanException {
    Topology topology = oddNames();

    StandalonePlan plan =
        Planner.standalone(topology, Lab.host(), Lab.OPTIONS, topology.nodes().get(0));

    Golden.assertMatches("plan/odd-names.sh", plan.script());
  }

  /** What is saved and what is made of it differ in where they lead, and in the RAM. */
  @Test
  void aCloneAndTheGuestThatWasSaved() throws PlanException {
    Snapshot snapshot =
        new Snapshot(
            new SavedGuest(
                Path.of("/cache/snapshots/1/memory"), Path.of("/cache/snapshots/1/state")),
            List.of(Greeting.HOST_MAC, MacAddress.parse("02:00:00:00:00:00").orElseThrow()));
    golden("clone", Lab.pair(), Lab.host().withSnapshots(Map.of("left", snapshot)));

    Topology one = new Lab().node("guest").topology("snapshot");
    LaunchPlan saved = Planner.plan(one, Lab.host(), Lab.OPTIONS.tellingNothing());
    Golden.assertMatches("plan/saved.txt", Lab.text(saved));
  }

  private static void golden(String name, Topology topology, HostFacts host) throws PlanException {
    LaunchPlan plan = Planner.plan(topology, host, Lab.OPTIONS);
    Golden.assertMatches("plan/" + name + ".txt", Lab.text(plan));
  }

  private static Topology ports() {
    PortForward everywhere =
        new PortForward(Protocol.TCP, 80, Lab.address("0.0.0.0"), OptionalInt.of(8080));
    return new Lab()
        .node(
            new Lab.Draft("web")
                .withOutside()
                .ports(
                    Lab.forward(Protocol.TCP, 22, 0),
                    everywhere,
                    Lab.forward(Protocol.UDP, 53, 5353))
                .services(
                    Lab.service("10.42.0.100", 5000, "127.0.0.1", 5000),
                    Lab.service("10.42.0.100", 443, "db.example", 8443))
                .ready(new Condition.OpenPort(443)))
        .topology("shop");
  }

  private static Topology oddNames() {
    BootSource boot =
        new BootSource(
            Optional.of("default"),
            Optional.of(Path.of("/my kernels/a,b/bzImage")),
            Optional.empty(),
            "hint='a,b' loglevel=7");
    return new Lab()
        .node(new Lab.Draft("left").boot(boot).qemuArgs("-device", "ivshmem-plain,memdev=a b"))
        .node(new Lab.Draft("right").withoutHostNetwork().accelerator(Accelerator.TCG).cpus(2))
        .cable("left", 1, "right", 1, Optional.of(Path.of("/tmp/it's, all.pcap")))
        .topology("odd");
  }

  private static Topology shaped() {
    Shaping slow =
        Shaping.NONE
            .withDelay(Duration.ofMillis(20), Duration.ofNanos(2_500_000))
            .withLoss(Share.ofPercent(0.5))
            .withRate(BitRate.ofMegabits(10));
    Lab lab = new Lab().node("left").node("right");
    return lab.cable("left", 1, "right", 1)
        .cable("left", 2, "right", 2, Optional.of(Path.of("/tmp/plain.pcap")))
        .shapedCable("left", 3, "right", 3, new Shaper(slow, 7))
        .shapedCable("left", 4, "left", 5, new Shaper(Shaping.NONE, 8))
        .topology("shaped");
  }

  private static Topology ownKernel() {
    BootSource boot =
        new BootSource(Optional.empty(), Optional.of(Path.of("/my/vmlinux")), Optional.empty(), "");
    return new Lab()
        .node(
            new Lab.Draft("probe")
                .boot(boot)
                .channels("results", "console")
                .files(new FileOverlay("/init", Path.of("/home/me/init")))
                .ready(new Condition.ConsoleText(Pattern.compile("^ready"))))
        .topology("bare");
  }

  /** left ── router ── right. */
  private static Topology router() {
    return new Lab()
        .node("left")
        .node(
            new Lab.Draft("router")
                .forwarding()
                .modules("br_netfilter", "8021q")
                .sysctl("net/ipv4/tcp_syncookies", "0")
                .env("GREETING", "it's\n  up")
                .routes(new Route("10.99.0.0/16", Lab.address("10.64.0.3")))
                .command("if true; then\n  echo 'it is up'\nfi"))
        .node("right")
        .cable("left", 1, "router", 1)
        .cable("router", 2, "right", 1)
        .topology("line");
  }
}
