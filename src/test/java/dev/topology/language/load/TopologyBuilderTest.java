package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.language.document.CableDocument;
import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.NodeDocument;
import dev.topology.language.document.ReadyDocument;
import dev.topology.language.load.CableBuilder.EndBuilder;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.Accelerator;
import dev.topology.model.Disk;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node.OnExit;
import dev.topology.model.Topology;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written in Java is the same topology as what is written in a file. */
class TopologyBuilderTest {

  /** What a cable is told of its ends, rather than the end. */
  private static final Set<String> OF_ENDS = Set.of("node", "host", "udp", "listen");

  private static final TopologyLoader LOADER = new TopologyLoader();

  @Test
  void buildsAPair() {
    assertThat(pair().build())
        .isEqualTo(
            load(
                """
                name: pair
                defaults:
                  memory: 256MiB
                nodes:
                  left:
                    ports: {22: auto, 80: 8080}
                    depends_on: [right]
                    command: ping -c 3 right
                  right: {}
                cables:
                  - [left, right]
                """));
  }

  @Test
  void buildsAStar() throws IOException {
    TopologyBuilder star =
        TopologyBuilder.named("star")
            .defaults(node -> node.memory("128MiB").hostNetwork(false))
            .group("leaf", node -> node.dependsOn("hub").command("ping -c 2 hub"))
            .node("hub");
    for (String leaf : List.of("red", "green", "blue")) {
      star.node(leaf, node -> node.group("leaf")).cable("hub", leaf);
    }

    assertThat(star.build()).isEqualTo(example("star.yaml"));
  }

  @Test
  void buildsALineOfRouters() throws IOException {
    TopologyBuilder line =
        TopologyBuilder.named("line")
            .defaults(node -> node.hostNetwork(false))
            .group("router", node -> node.forward())
            .node(
                "client",
                node ->
                    node.route("default", "10.0.1.1")
                        .dependsOn("server", "router1", "router2")
                        .command("traceroute -n -w 2 -q 1 server\nping -c 3 server\n"))
            .node("router1", node -> node.group("router").route("10.0.3.0/24", "10.0.2.2"))
            .node("router2", node -> node.group("router").route("10.0.1.0/24", "10.0.2.1"))
            .node("server", node -> node.route("default", "10.0.3.1"));
    cable(line, "client-side", "client", "10.0.1.2/24", "router1", "10.0.1.1/24");
    cable(line, "backbone", "router1", "10.0.2.1/24", "router2", "10.0.2.2/24");
    cable(line, "server-side", "router2", "10.0.3.1/24", "server", "10.0.3.2/24");

    assertThat(line.build()).isEqualTo(example("line.yaml"));
  }

  private static void cable(
      TopologyBuilder line, String name, String left, String at, String right, String other) {
    line.cable(
        name,
        cable -> cable.end(left, end -> end.address(at)).end(right, end -> end.address(other)));
  }

  @Test
  void cablesPatternsLikeAFile() throws IOException {
    Topology built =
        TopologyBuilder.named("lab")
            .node("hub")
            .node("worker", node -> node.count(3))
            .cable(cable -> cable.star("hub", "worker-*"))
            .cable("inner", cable -> cable.ring("worker-*"))
            .cable(cable -> cable.line("hub", "worker-1").noAddress())
            .cable(cable -> cable.mesh("worker-2", "worker-3"))
            .build();

    assertThat(built)
        .isEqualTo(
            load(
                """
                name: lab
                nodes: {hub: {}, worker: {count: 3}}
                cables:
                  - star: {hub: hub, leaves: [worker-*]}
                  - {ring: [worker-*], name: inner}
                  - {line: [hub, worker-1], address: none}
                  - mesh: [worker-2, worker-3]
                """));
  }

  @Test
  void leavesOneEndWithoutAddress() {
    TopologyBuilder builder =
        TopologyBuilder.named("tap")
            .node("a")
            .node("tap")
            .cable(
                cable -> cable.end("a", "eth1", "10.0.1.1/24").end("tap", end -> end.noAddress()));

    LoadResult result = builder.tryBuild();

    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.orElseThrow().cables().get(0).right().addresses()).isEmpty();
  }

  @Test
  void knowsEveryKeyOfTheLanguage() throws IOException {
    Topology built = topology(everything().tryBuild(HostFiles.ASSUMED));

    // As text, since two patterns are never equal.
    String file = Files.readString(Path.of("src/test/resources/corpus/good/everything.yaml"));
    assertThat(ModelText.of(built)).isEqualTo(ModelText.of(load(file)));
  }

  @Test
  void leadsOutLikeAFile() {
    Topology built =
        TopologyBuilder.named("out")
            .node("a")
            .cable(cable -> cable.end("a").host("tap0"))
            .cable(cable -> cable.udp("192.0.2.7:5001", 5002).end("a"))
            .build();

    assertThat(built)
        .isEqualTo(
            load(
                """
                name: out
                nodes: {a: {}}
                cables:
                  - [a, {host: tap0}]
                  - [{udp: 192.0.2.7:5001, listen: 5002}, a]
                """));
  }

  @Test
  void writesEveryKindOfStep() {
    Topology built =
        TopologyBuilder.named("tested")
            .node("left")
            .node("right")
            .cable("uplink", cable -> cable.end("left").end("right").shaped())
            .test(
                "all",
                test ->
                    test.run("left", "true")
                        .run(
                            "left",
                            List.of("ping", "right"),
                            step -> step.expect("received").status(1).within(Duration.ofSeconds(5)))
                        .console("left", step -> step.send("ls").expect("bin"))
                        .cut("uplink")
                        .join("left-right")
                        .shape("uplink", shaper -> shaper.delay(Duration.ofMillis(5)).loss("1%"))
                        .capture("uplink", Path.of("/tmp/uplink.pcap"))
                        .stop("right")
                        .start("right")
                        .restart("right")
                        .pause("right")
                        .resume("right")
                        .waitFor(Duration.ofMillis(20)))
            .build();

    Topology loaded =
        load(
            """
            name: tested
            nodes: {left: {}, right: {}}
            cables: [{name: uplink, ends: [left, right], shaped: true}]
            tests:
              - name: all
                steps:
                  - {node: left, run: "true"}
                  - {node: left, run: [ping, right], expect: received, status: 1, within: 5s}
                  - {console: left, send: ls, expect: bin}
                  - {cut: uplink}
                  - {join: left-right}
                  - {shape: uplink, delay: 5ms, loss: 1%}
                  - {capture: uplink, file: /tmp/uplink.pcap}
                  - {stop: right}
                  - {start: right}
                  - {restart: right}
                  - {pause: right}
                  - {resume: right}
                  - {wait: 20ms}
            """);
    assertThat(built.tests().get(0).steps())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("location", "expect")
        .isEqualTo(loaded.tests().get(0).steps());
  }

  /** Maps are written entry by entry, and an end has its node, a cable its name from the start. */
  @Test
  void hasAMethodForEveryKey() {
    assertThat(methods(NodeBuilder.class)).containsAll(keys(NodeDocument.class));
    assertThat(methods(NodeBuilder.class)).containsAll(keys(HostNetworkDocument.Settings.class));
    assertThat(methods(ReadyBuilder.class)).containsAll(keys(ReadyDocument.class));
    assertThat(methods(CableBuilder.class))
        .contains("noAddress")
        .containsAll(keys(CableDocument.class));
    assertThat(methods(DiskBuilder.class)).containsAll(keys(DiskDocument.class));
    assertThat(methods(EndBuilder.class)).containsAll(keys(EndDocument.class));
  }

  private static Set<String> methods(Class<?> builder) {
    return Stream.of(builder.getMethods()).map(Method::getName).collect(Collectors.toSet());
  }

  private static List<String> keys(Class<?> document) {
    Map<String, String> singular =
        Map.of(
            "ports",
            "port",
            "services",
            "service",
            "files",
            "file",
            "shares",
            "share",
            "disks",
            "disk",
            "cloudInit",
            "userData",
            "routes",
            "route",
            "sysctls",
            "sysctl",
            "ends",
            "end");
    return Stream.of(document.getRecordComponents())
        .map(RecordComponent::getName)
        .filter(it -> document != CableDocument.class || !Set.of("name", "address").contains(it))
        .filter(it -> document != EndDocument.class || !OF_ENDS.contains(it))
        .map(it -> singular.getOrDefault(it, it))
        .toList();
  }

  private static TopologyBuilder everything() {
    TopologyBuilder everything = TopologyBuilder.named("everything");
    everything
        .defaults(node -> node.memory("128MiB").port(22))
        .group("routers", node -> node.forward().cpus(2).port("179", "same"))
        .node("left", TopologyBuilderTest::left)
        .node("middle", node -> node.group("routers"))
        .node(
            "right",
            node ->
                node.kernel(Path.of("/boot/vmlinuz"))
                    .hostNetwork(false)
                    .command(List.of("httpd", "-f", "it's", "-p", "80"))
                    .onExit(OnExit.FAIL)
                    .qemuArgs("-device", "i6300esb")
                    .qemuArgs("-name", "5"))
        .cable("left", "middle")
        .cable("middle:eth2", "right:eth0");
    everything
        .cable(
            "uplink",
            cable ->
                cable
                    .end("left", "eth3", "10.0.3.1/24")
                    .end(
                        "middle",
                        end ->
                            end.interfaceName("wan0")
                                .address("10.0.3.2/24", "fd00:3::2/64")
                                .mac(new MacAddress("02:00:00:00:00:01"))
                                .mtu(1400))
                    .mtu(9000)
                    .capture(Path.of("/lab/uplink.pcap"))
                    .delay(Duration.ofMillis(20))
                    .jitter(Duration.ofMillis(2))
                    .loss("0.5%")
                    .duplicate("0.1%")
                    .corrupt("0.01%")
                    .reorder("1%")
                    .rate("10Mbit")
                    .queue("256KiB")
                    .shaped()
                    .seed(1))
        .cable(cable -> cable.end("middle").end("middle").noAddress())
        .cable("left", "middle");
    return everything.placement(
        placement -> placement.machines(4).together("left", "middle").apart("left", "right"));
  }

  private static void left(NodeBuilder node) {
    node.image(Path.of("/lab/image.d"))
        .initramfs(Path.of("/lab/initrd.img"))
        .cmdline("loglevel=7 panic=5")
        .memory(Memory.ofMebibytes(1024))
        .accel(Accelerator.TCG)
        .outside(true)
        .port("80", "0.0.0.0:8080")
        .port("8443", "[::1]:auto")
        .port("53/udp", "auto")
        .port("443", "127.0.0.2:auto")
        .service("10.42.0.100:5000", "127.0.0.1:5000")
        .service("10.42.0.101:53", "localhost:5353")
        .channels("results", "log")
        .file("/etc/motd", Path.of("/lab/motd.txt"))
        .file("/srv/www", Path.of("/home/ada/site.d"))
        .writableShare("/out/of here", Path.of("/home/ada/site.d"))
        .share("/out", Path.of("/lab/image.d"))
        .disk(Path.of("/lab/data.qcow2"))
        .disk(
            disk ->
                disk.file(Path.of("/home/ada/keep.raw"))
                    .name("keep")
                    .mode(Disk.Mode.WRITE)
                    .format(Disk.Format.RAW)
                    .mount("/var/keep"))
        .disk(
            disk ->
                disk.file(Path.of("/lab/chain.qcow2"))
                    .name("big")
                    .mode(Disk.Mode.OVERLAY)
                    .backing(true)
                    .size("2GiB"))
        .disk(disk -> disk.size("512MiB").mount("/work"))
        .command("set -e\nping -c 3 right\n")
        .exec("ip link set eth1 promisc on")
        .exec(List.of("sysctl", "-w", "net.ipv4.ip_forward=1"))
        .env("GREETING", "it's here")
        .env("PORT", "8080")
        .env("DEBUG", "true")
        .env("EMPTY", "")
        .modules("br_netfilter", "8021q")
        .sysctl("net.ipv4.tcp_syncookies", "0")
        .sysctl("net/ipv4/conf/eth1/rp_filter", "2")
        .ready(ready -> ready.console("login: $").within(Duration.ofSeconds(90)))
        .route("10.0.4.0/24", "10.64.0.1")
        .route("default", "10.42.0.2")
        .dependsOn("right", "middle")
        .onExit(OnExit.DONE);
  }

  @Test
  void takesTextsAsTheyAre() {
    TopologyBuilder builder =
        TopologyBuilder.named("texts")
            .node("a", node -> node.command("echo ${HOME} $$").qemuArgs("null", "true", "", "012"));

    assertThat(builder.build())
        .isEqualTo(
            load(
                """
                name: texts
                nodes:
                  a:
                    command: echo $${HOME} $$$$
                    qemu_args: ['null', 'true', '', '012']
                """));
  }

  @Test
  void replacesListsOfTheDefaultsWithEmptyOnes() {
    TopologyBuilder builder =
        TopologyBuilder.named("lists")
            .defaults(node -> node.dependsOn("base").channels("log"))
            .node("base", node -> node.dependsOn().channels())
            .node("a", node -> node.channels());

    assertThat(builder.build())
        .isEqualTo(
            load(
                """
                name: lists
                defaults: {depends_on: [base], channels: [log]}
                nodes:
                  base: {depends_on: [], channels: []}
                  a: {channels: []}
                """));
  }

  @Test
  void keepsSpansOfTimeToTheNanosecond() {
    for (Duration time :
        List.of(Duration.ofDays(7), Duration.ofMillis(1500), Duration.ofNanos(1))) {
      Topology topology =
          TopologyBuilder.named("times")
              .node("a", node -> node.ready(ready -> ready.port(22).within(time)))
              .build();

      assertThat(topology.nodes().get(0).readiness().within()).contains(time);
    }
  }

  @Test
  void reachesAServerSocketOfTheTest() throws IOException {
    try (ServerSocket everywhere = new ServerSocket(0);
        ServerSocket local = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.3"))) {
      Topology topology =
          TopologyBuilder.named("services")
              .node("a", node -> node.service("10.42.0.100:80", addressOf(everywhere)))
              .node("b", node -> node.service("10.42.0.100:80", addressOf(local)))
              .node("c", node -> node.service("10.42.0.100:80", unresolved("db", 5432)))
              .build();

      assertThat(topology.nodes())
          .flatExtracting(it -> it.services())
          .extracting(it -> it.target().toString())
          .containsExactly(
              "127.0.0.1:" + everywhere.getLocalPort(),
              "127.0.0.3:" + local.getLocalPort(),
              "db:5432");
    }
  }

  @Test
  void looksForFilesFromTheCurrentDirectory() {
    Topology topology =
        TopologyBuilder.named("files")
            .node("a", node -> node.file("/pom.xml", Path.of("pom.xml")))
            .build();

    assertThat(topology.nodes().get(0).files())
        .extracting(it -> it.hostPath())
        .containsExactly(Path.of("pom.xml").toAbsolutePath());
  }

  @Test
  void refusesFilesOfOtherFileSystems(@TempDir Path directory) throws IOException {
    URI zip = URI.create("jar:" + directory.resolve("some.jar").toUri());
    try (FileSystem jar = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = jar.getPath("/motd");
      TopologyBuilder builder = TopologyBuilder.named("jar");

      assertThatThrownBy(() -> builder.node("a", node -> node.file("/etc/motd", inside)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("some.jar!/motd")
          .hasMessageEndingWith("is not in the file system of the host: copy it there first");
    }
  }

  @Test
  void canBeWrittenOnAfterItWasBuilt() {
    TopologyBuilder builder = pair();
    Topology before = builder.build();

    Topology after = builder.node("third").cable("right", "third").build();

    assertThat(before).isEqualTo(pair().build());
    assertThat(after.nodes()).startsWith(before.nodes().get(0), before.nodes().get(1)).hasSize(3);
    assertThat(builder.build()).isEqualTo(after);
  }

  @Test
  void buildsInManyThreadsAtOnce() {
    List<CompletableFuture<Topology>> builds =
        IntStream.range(0, 16)
            .mapToObj(it -> CompletableFuture.supplyAsync(pair()::build))
            .toList();

    assertThat(builds).extracting(CompletableFuture::join).containsOnly(pair().build());
  }

  @Test
  void addressesCablesLikeAFile() {
    Topology topology =
        TopologyBuilder.named("addresses").node("a").node("b").cable("a", "b").build();

    assertThat(topology.cables().get(0).left().addresses())
        .containsExactly(InterfaceAddress.parse("10.64.0.0/31").orElseThrow());
  }

  private static TopologyBuilder pair() {
    return TopologyBuilder.named("pair")
        .defaults(node -> node.memory("256MiB"))
        .node(
            "left",
            node -> node.port(22).port(80, 8080).dependsOn("right").command("ping -c 3 right"))
        .node("right")
        .cable("left", "right");
  }

  private static InetSocketAddress addressOf(ServerSocket socket) {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  private static InetSocketAddress unresolved(String host, int port) {
    return InetSocketAddress.createUnresolved(host, port);
  }

  private static Topology example(String file) throws IOException {
    return load(Files.readString(Path.of("topologies").resolve(file)));
  }

  private static Topology load(String yaml) {
    Map<String, String> environment = Map.of("HOME", "/home/ada");
    return topology(
        LOADER.load(
            new LoadRequest(
                new SourceText("twin.yaml", yaml),
                Path.of("/lab"),
                environment,
                HostFiles.ASSUMED)));
  }

  private static Topology topology(LoadResult result) {
    return result.orElseThrow();
  }
}
