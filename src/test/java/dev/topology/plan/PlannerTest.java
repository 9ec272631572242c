package dev.topology.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target.UnixSocket;
import dev.topology.model.IpAddress;
import dev.topology.model.Node;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Node.FileOverlay;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.model.Readiness.Condition;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.LaunchPlan.SocketPlan.End;
import dev.topology.plan.Planner.PlanException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {

  @Test
  void givesBothEndsOfACableToTheTwoNodes() throws PlanException {
    LaunchPlan plan = Planner.plan(Lab.pair(), Lab.host(), Lab.OPTIONS);

    assertThat(plan.sockets())
        .last()
        .satisfies(
            cable -> {
              assertThat(cable.name()).isEqualTo("left:eth1--right:eth1");
              assertThat(cable.ends())
                  .containsExactly(new End.Child("left", 9), new End.Child("right", 9));
            });
  }

  @Test
  void handsEveryDescriptorOverUnderTheNumberThatItsOptionNames() throws PlanException {
    LaunchPlan plan = Planner.plan(Lab.line(5), Lab.host(), Lab.OPTIONS);

    for (NodePlan node : plan.nodes()) {
      List<String> inOptions =
          node.arguments().stream()
              .flatMap(argument -> List.of(argument.split(",")).stream())
              .filter(property -> property.startsWith("fd="))
              .toList();
      List<String> inSockets =
          plan.sockets()
              .flatMap(socket -> socket.ends().stream())
              .filter(End.Child.class::isInstance)
              .map(End.Child.class::cast)
              .filter(end -> end.node().equals(node.name()))
              .map(end -> "fd=" + end.number())
              .toList();
      assertThat(inOptions).doesNotHaveDuplicates().containsExactlyElementsOf(inSockets);
    }
  }

  @Test
  void theDiskOfModulesTakesTheLastSlotOfTheMachine() throws PlanException {
    Path modules = Path.of("/cache/images/default/modules");
    for (int cables = Node.MAX_INTERFACES - 3; cables < Node.MAX_INTERFACES; cables++) {
      Lab lab = new Lab().node("hub").node("leaf");
      for (int i = 1; i <= cables; i++) {
        lab.cable("hub", i, "leaf", i);
      }
      NodePlan hub =
          Planner.plan(lab.topology("full"), Lab.hostWithModules(modules), Lab.OPTIONS)
              .nodes()
              .get(0);

      long cards =
          hub.arguments().stream().filter(it -> it.startsWith("virtio-net-device")).count();
      boolean fits = cards < Node.MAX_INTERFACES;
      assertThat(
              hub.arguments()
                  .contains("virtio-blk-device,drive=topology.modules,serial=topology.modules"))
          .isEqualTo(fits);
      assertThat(hub.confinement().orElseThrow().reads()).contains(modules);
    }
  }

  @Test
  void leavesTheUserTheRoomThatTheLoaderPromises() throws PlanException {
    Topology longest = withCommandLine("x".repeat(BootSource.MAX_OWN_CMDLINE_BYTES));

    for (HostFacts host : List.of(Lab.host(), Lab.hostWithKvm())) {
      List<String> arguments =
          Planner.plan(longest, host, Lab.OPTIONS.withKernelLogApart()).nodes().get(0).arguments();

      assertThat(arguments.get(arguments.indexOf("-append") + 1))
          .endsWith("xxx")
          .hasSizeLessThanOrEqualTo(BootSource.MAX_CMDLINE_BYTES);
    }
  }

  @Test
  void refusesCommandLineThatLinuxWouldCutOff() {
    Topology tooLong = withCommandLine("x".repeat(BootSource.MAX_CMDLINE_BYTES));

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(tooLong, Lab.host(), Lab.OPTIONS))
        .withMessageContaining("node \"a\"")
        .withMessageContaining("Linux reads 2047");
  }

  @Test
  void takesACommandLineOfAllThatLinuxReads() throws PlanException {
    int others = appended(withCommandLine("x")).length() - 1;
    String longest = "x".repeat(BootSource.MAX_CMDLINE_BYTES - others);

    assertThat(appended(withCommandLine(longest))).hasSize(BootSource.MAX_CMDLINE_BYTES);
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> appended(withCommandLine(longest + "x")));
  }

  private static String appended(Topology topology) throws PlanException {
    List<String> arguments = arguments(topology, Lab.host());
    return arguments.get(arguments.indexOf("-append") + 1);
  }

  private static List<String> arguments(Topology topology, HostFacts host) throws PlanException {
    return Planner.plan(topology, host, Lab.OPTIONS).nodes().get(0).arguments();
  }

  @Test
  void refusesANodeWithNothingToBoot() {
    BootSource nothing = new BootSource(Optional.empty(), Optional.empty(), Optional.empty(), "");
    Topology topology = new Lab().node(new Lab.Draft("a").boot(nothing)).topology("one");

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(topology, Lab.host(), Lab.OPTIONS))
        .withMessage("node \"a\" has neither an image nor a kernel to boot. Give it one of them.");
  }

  private static Topology withCommandLine(String text) {
    BootSource boot =
        new BootSource(Optional.of("default"), Optional.empty(), Optional.empty(), text);
    return new Lab().node(new Lab.Draft("a").boot(boot)).topology("lab");
  }

  @Test
  void givesTheKernelLogAPortOfItsOwnWhenAsked() throws PlanException {
    LaunchPlan plan = Planner.plan(Lab.pair(), Lab.host(), Lab.OPTIONS.withKernelLogApart());

    NodePlan left = plan.nodes().get(0);
    assertThat(left.kernelLog()).contains(plan.runDirectory().resolve("left.kernel"));
    assertThat(String.join(" ", left.arguments()))
        .contains("console=hvc1", "max_ports=17", "virtconsole,chardev=kernel")
        .doesNotContain("console=hvc0");
    assertThat(plan.sockets()).extracting(SocketPlan::name).contains("left.kernel", "right.kernel");
  }

  @Test
  void refusesKvmThatWasNotProven() {
    Topology topology =
        new Lab().node(new Lab.Draft("a").accelerator(Accelerator.KVM)).topology("one");

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(topology, Lab.host(), Lab.OPTIONS))
        .withMessage(
            "node \"a\" asks for `accel: kvm`, but no guest was proven to run on KVM here:"
                + " there is no /dev/kvm. Say `accel: auto` to fall back to emulation; `topology"
                + " doctor` tells more.");
  }

  @Test
  void refusesAnImageThatIsNotThere() {
    BootSource boot = new BootSource(Optional.of("router"), Optional.empty(), Optional.empty(), "");
    Topology topology = new Lab().node(new Lab.Draft("a").boot(boot)).topology("one");

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(topology, Lab.host(), Lab.OPTIONS))
        .withMessageStartingWith(
            "node \"a\" boots the amd64 guest image \"router\", which this host");
  }

  @Test
  void numbersTheEndsOfACableFromANodeToItself() throws PlanException {
    Topology topology = new Lab().node("a").cable("a", 1, "a", 2).topology("loop");

    LaunchPlan plan = Planner.plan(topology, Lab.host(), Lab.OPTIONS);

    assertThat(plan.sockets())
        .last()
        .extracting(SocketPlan::ends)
        .isEqualTo(List.of(new End.Child("a", 9), new End.Child("a", 10)));
  }

  @Test
  void forwardsAPortOfItsOwnToSeeWhetherItIsOpen() throws PlanException {
    Topology topology =
        new Lab()
            .node(
                new Lab.Draft("web")
                    .ports(Lab.forward(Protocol.UDP, 80, 0))
                    .ready(new Condition.OpenPort(80)))
            .topology("one");

    assertThat(hostNetwork(topology))
        .endsWith("hostfwd=udp:127.0.0.1:0-:80,hostfwd=tcp:127.0.0.1:0-:80");
  }

  @Test
  void forwardsAPortThatIsAskedByHttp() throws PlanException {
    Topology topology =
        new Lab()
            .node(new Lab.Draft("web").ready(new Condition.HttpAnswer(8000, "/")))
            .topology("one");

    assertThat(hostNetwork(topology)).endsWith("hostname=web,hostfwd=tcp:127.0.0.1:0-:8000");
  }

  @Test
  void seesWhetherAPortIsOpenThroughTheForwardThereIs() throws PlanException {
    Topology topology =
        new Lab()
            .node(
                new Lab.Draft("web")
                    .ports(Lab.forward(Protocol.TCP, 80, 8080))
                    .ready(new Condition.OpenPort(80)))
            .topology("one");

    assertThat(hostNetwork(topology)).endsWith("hostname=web,hostfwd=tcp:127.0.0.1:8080-:80");
  }

  /** Connections that try the port are made from 127.0.0.1. */
  @Test
  void forwardsAPortOfItsOwnWhereTheOtherIsBoundElsewhere() throws PlanException {
    PortForward elsewhere =
        new PortForward(Protocol.TCP, 80, Lab.address("127.0.0.2"), OptionalInt.of(8080));
    Topology topology =
        new Lab()
            .node(new Lab.Draft("web").ports(elsewhere).ready(new Condition.OpenPort(80)))
            .topology("one");

    assertThat(hostNetwork(topology))
        .endsWith("hostfwd=tcp:127.0.0.2:8080-:80,hostfwd=tcp:127.0.0.1:0-:80");
  }

  @Test
  void forwardsFromAFreePortOf127001WhereQemuCannotListen() throws PlanException {
    PortForward relayed =
        new PortForward(Protocol.TCP, 80, Lab.address("::1"), OptionalInt.of(8080));
    Topology topology =
        new Lab()
            .node(new Lab.Draft("web").ports(relayed).ready(new Condition.OpenPort(80)))
            .topology("one");

    assertThat(hostNetwork(topology)).endsWith("hostname=web,hostfwd=tcp:127.0.0.1:0-:80");
  }

  /** The agent of an image is in its initramfs. */
  @Test
  void relaysServicesOnlyWhereTheGuestHasAnAgent() throws PlanException {
    GuestService service = Lab.service("10.42.0.100", 5000, "127.0.0.1", 5001);
    BootSource replaced =
        new BootSource(
            Optional.of("default"), Optional.empty(), Optional.of(Path.of("/my/initramfs")), "");

    assertThat(options(new Lab.Draft("a").services(service))).doesNotContain("guestfwd=");
    assertThat(options(new Lab.Draft("a").services(service).boot(replaced)))
        .contains("guestfwd=tcp:10.42.0.100:5000-tcp:127.0.0.1:5001");
  }

  private static String options(Lab.Draft draft) throws PlanException {
    return String.join(" ", arguments(new Lab().node(draft).topology("one"), Lab.hostWithAgent()));
  }

  @Test
  void refusesASocketWhosePathIsTooLong() throws PlanException {
    String longest = "/" + "x".repeat(106);

    assertThat(options(new Lab.Draft("a").services(atSocket(longest)))).isNotEmpty();
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> options(new Lab.Draft("a").services(atSocket(longest + "x"))))
        .withMessageContaining("a path of 108 bytes, but that of a socket has 107 at the most");
  }

  private static GuestService atSocket(String path) {
    return new GuestService(
        IpAddress.parse("10.42.0.101").orElseThrow(), 80, new UnixSocket(Path.of(path)));
  }

  @Test
  void givesANodeThatIsBootedAloneTheServicesThatQemuReaches() throws PlanException {
    Lab.Draft draft =
        new Lab.Draft("a")
            .services(
                Lab.service("10.42.0.100", 5000, "127.0.0.1", 5001),
                Lab.service("10.42.0.100", 5002, "::1", 5003),
                atSocket("/run/x"));

    assertThat(alone(draft))
        .contains("guestfwd=tcp:10.42.0.100:5000-tcp:127.0.0.1:5001")
        .doesNotContain("5002", "/run/x");
    assertThat(alone(draft.withoutHostNetwork())).doesNotContain("guestfwd=");
  }

  private static String alone(Lab.Draft draft) throws PlanException {
    Topology topology = new Lab().node(draft).topology("one");
    return String.join(
        " ",
        Planner.standalone(topology, Lab.hostWithAgent(), Lab.OPTIONS, topology.nodes().get(0))
            .node()
            .arguments());
  }

  @Test
  void refusesAServiceAtAnIpv6Address() {
    GuestService service = Lab.service("10.42.0.100", 5000, "::1", 5001);
    Topology topology = new Lab().node(new Lab.Draft("a").services(service)).topology("one");

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(topology, Lab.host(), Lab.OPTIONS))
        .withMessage(
            "node \"a\" has a service at [::1]:5001 of the host, but its image has no agent of this"
                + " version of topology, and QEMU connects services to IPv4 addresses and names"
                + " only. Give one of them, or use an image that `topology image build` makes.");
  }

  @Test
  void waitsLongerWhereMoreNodesBootAndWhereTheyAreEmulated() throws PlanException {
    assertThat(within(Lab.pair(), Lab.hostWithKvm())).isEqualTo(Duration.ofSeconds(32));
    assertThat(within(Lab.pair(), Lab.host())).isEqualTo(Duration.ofSeconds(128));
    assertThat(within(Lab.line(16), Lab.host())).isEqualTo(Duration.ofSeconds(184));
  }

  @Test
  void givesQemuACopyOfWholePagesOfAnInitramfsThatIsNot() throws PlanException {
    Topology topology = new Lab().node("a").topology("one");
    Path initramfs = image(Lab.host()).initramfs().orElseThrow();

    NodePlan asItIs = Planner.plan(topology, Lab.host(), Lab.OPTIONS).nodes().get(0);
    NodePlan copied =
        Planner.plan(topology, Lab.hostWithUnaligned(initramfs), Lab.OPTIONS).nodes().get(0);

    assertThat(asItIs.arguments()).contains(initramfs.toString());
    assertThat(copied.arguments()).doesNotContain(initramfs.toString());
    assertThat(copied.overlay().orElseThrow())
        .isEqualTo(
            new NodePlan.InitramfsOverlay(
                Optional.of(initramfs), List.of(), Lab.OPTIONS.initramfs("a"), false));
  }

  @Test
  void handsItsFilesToACloneApartFromTheInitramfsThatItWasSavedWith() throws PlanException {
    FileOverlay motd = new FileOverlay("/etc/motd", Path.of("/my/motd"));
    Topology topology = new Lab().node(new Lab.Draft("a").files(motd)).topology("one");
    Path initramfs = image(Lab.host()).initramfs().orElseThrow();
    Snapshot snapshot =
        new Snapshot(new SavedGuest(Path.of("/memory"), Path.of("/state")), List.of());
    HostFacts cloning = Lab.host().withSnapshots(Map.of("a", snapshot));

    NodePlan clone = Planner.plan(topology, cloning, Lab.OPTIONS).nodes().get(0);

    assertThat(clone.arguments()).contains(initramfs.toString());
    assertThat(clone.archiveForClone()).contains(Lab.OPTIONS.files("a"));
    assertThat(clone.sources()).contains(motd.hostPath());
    assertThat(Planner.plan(topology, Lab.host(), Lab.OPTIONS).nodes().get(0).archiveForClone())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/motd, true", "/usr/bin/tool, true", "/srv, true", "/etc/topology-notes, true",
    "/, false", "/etc, false", "/usr, false", "/usr/lib/modules/6.1/extra.ko, false",
    "/etc/topology/modules, false", "/init, false", "/proc/x, false"
  })
  void clonesNodesWhoseFilesNoBootReads(String guestPath, boolean isCloned) {
    Topology topology =
        new Lab()
            .node(new Lab.Draft("a").files(new FileOverlay(guestPath, Path.of("/my/file"))))
            .topology("one");

    assertThat(Lab.hostWithAgent().canBeCloned(topology.nodes().get(0))).isEqualTo(isCloned);
  }

  @Test
  void countsANodeWithAnInitramfsOfTheUsersAsReadyWhenItRuns() throws PlanException {
    BootSource boot =
        new BootSource(
            Optional.of("default"), Optional.empty(), Optional.of(Path.of("/my/initramfs")), "");
    Topology topology = new Lab().node(new Lab.Draft("a").boot(boot)).topology("one");

    NodePlan node = Planner.plan(topology, Lab.host(), Lab.OPTIONS).nodes().get(0);

    assertThat(node.ready().signal()).isInstanceOf(NodePlan.ReadyWhen.Signal.Running.class);
    assertThat(node.arguments()).contains("/cache/images/default/kernel", "/my/initramfs");
  }

  private static Duration within(Topology topology, HostFacts host) throws PlanException {
    return Planner.plan(topology, host, Lab.OPTIONS).nodes().get(0).ready().within();
  }

  private static BootableImage image(HostFacts host) {
    return Objects.requireNonNull(host.of(Architecture.AMD64).images().get("default"));
  }

  private static String hostNetwork(Topology topology) throws PlanException {
    List<String> arguments =
        Planner.plan(topology, Lab.host(), Lab.OPTIONS).nodes().get(0).arguments();
    return arguments.get(arguments.indexOf("-netdev") + 1);
  }
}
