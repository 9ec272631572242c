package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpServer;
import dev.topology.image.BuildListener;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.SavedRun;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.testing.TestHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a saved run holds beside the memory of its guests: what is on a switch and on a slow cable
 * with a queue, a cable that is cut, a lease, and what leads to the host.
 */
class CheckpointContentsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** The slow cable takes some eight seconds for them. */
  private static final int DATAGRAMS = 300;

  private static final String YAML =
      """
      name: lab
      defaults: {memory: 128MiB, host_network: false}
      nodes:
        server:
          files: {/etc/udhcpd.conf: udhcpd.conf}
          command: udhcpd -f /etc/udhcpd.conf
        pc:
          host_network: true
          ports: {80: auto}
          services: {"10.42.0.100:80": "127.0.0.1:%d"}
          command: mkdir /www && echo page >/www/index.html && exec httpd -f -h /www
          ready: {port: 80}
        far: {}
      switches:
        lan: {ends: [{node: server, address: 10.1.0.1/24}]}
      cables:
        - [{node: pc, address: dhcp}, lan]
        - ends: [{node: pc, address: 10.2.0.1/24}, {node: far, address: 10.2.0.2/24}]
          delay: 500ms
          rate: 300kbit
          queue: 1MiB
        - {name: spare, ends: ["server:eth7", "far:eth7"]}
      """;

  /** A lease that has to be renewed after 3 s. */
  private static final String LEASES =
      """
      start 10.1.0.100
      end 10.1.0.101
      interface eth1
      lease_file /tmp/leases
      min_lease 1
      option subnet 255.255.255.0
      option lease 6
      """;

  @TempDir private Path directory;
  private HttpServer service;

  @BeforeEach
  void serve() throws Exception {
    byte[] answer = "served\n".getBytes(StandardCharsets.UTF_8);
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void stopServing() {
    service.stop(0);
  }

  @Test
  void allOfItIsBroughtBack() throws Exception {
    Path conf = Files.writeString(directory.resolve("udhcpd.conf"), LEASES);
    Preparation prepared = prepare(YAML.formatted(service.getAddress().getPort()));
    Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
    SavedRun saved;
    String leased;
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      topology.cable("spare").cut();
      leased = run(topology.node("pc"), "ip -4 -o addr show dev eth1 | awk '{print $4}'");
      assertThat(leased).startsWith("10.1.0.10");
      RunningNode pc = topology.node("pc");
      run(
          pc,
          "ping -i 0.02 -c %d -s 1000 10.2.0.2 </dev/null >/tmp/ping 2>&1 &".formatted(DATAGRAMS));
      run(pc, "while [ $(wc -l </tmp/ping) -lt 20 ]; do sleep 0.1; done");

      saved = topology.checkpoint(checkpoint);

      assertNoneIsLostOrDoubled(topology);
      topology.node("far").stop();
      assertThatIllegalStateException()
          .isThrownBy(() -> topology.checkpoint(checkpoint))
          .withMessage("far has ended; start it with `topology restart far`");
    }
    Files.writeString(conf, "changed");
    try (Launch launch = Launch.start(prepared.planFrom(saved), RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      assertNoneIsLostOrDoubled(topology);
      assertCarriersAreAsTheyWere(topology);
      assertLeaseIsRenewed(topology, leased);
      assertHostIsReached(topology);
      assertThat(run(topology.node("server"), "cat /etc/udhcpd.conf")).isEqualTo(LEASES.strip());
      run(topology.node("far"), "echo '<2>goes on' >/dev/kmsg");
      topology.node("far").kernelLog().orElseThrow().expect("goes on", PATIENCE);
    }
  }

  /** Some were on the cable and in its queue, both ways. */
  private static void assertNoneIsLostOrDoubled(RunningTopology topology) throws Exception {
    RunningNode pc = topology.node("pc");
    assertThat(run(pc, "cat /tmp/ping")).doesNotContain("transmitted");
    run(pc, "while ! grep -q transmitted /tmp/ping; do sleep 0.1; done");
    assertThat(run(pc, "grep DUP /tmp/ping")).isEmpty();
    RunningNode far = topology.node("far");
    assertThat(CheckpointTest.count(far, "InEchos")).isEqualTo(DATAGRAMS);
    assertThat(CheckpointTest.count(pc, "InEchoReps"))
        .isEqualTo(CheckpointTest.count(far, "OutEchoReps"));
  }

  private static void assertCarriersAreAsTheyWere(RunningTopology topology) throws Exception {
    assertThat(topology.cable("spare").isCut()).isTrue();
    for (String node : new String[] {"server", "far"}) {
      assertThat(run(topology.node(node), "cat /sys/class/net/eth7/carrier")).isEqualTo("0");
    }
    topology.cable("spare").join();
    run(topology.node("far"), "until grep 1 /sys/class/net/eth7/carrier; do sleep 0.1; done");
  }

  private static void assertLeaseIsRenewed(RunningTopology topology, String leased)
      throws Exception {
    topology
        .node("server")
        .console()
        .expect("sending ACK to " + leased.replace("/24", ""), PATIENCE);
    assertThat(run(topology.node("pc"), "ip -4 -o addr show dev eth1"))
        .contains(" " + leased + " ");
  }

  private static void assertHostIsReached(RunningTopology topology) throws Exception {
    int port = topology.hostPorts().get().get(0).hostPort();
    URI page = URI.create("http://127.0.0.1:" + port + "/");
    String got =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
            .body();
    assertThat(got).isEqualTo("page\n");
    assertThat(run(topology.node("pc"), "wget -q -O - http://10.42.0.100/")).isEqualTo("served");
  }

  private static String run(RunningNode node, String script) throws InterruptedException {
    return node.shell().run(script).output().strip();
  }

  private Preparation prepare(String yaml) throws Exception {
    TestHost.facts();
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml);
    Topology topology = new TopologyLoader().loadOrThrow(file, Map.of());
    UserDirectories user =
        new UserDirectories(System.getenv(), directory, TestHost.cache(), directory.resolve("run"));
    Preparation prepared = new Launcher(user).prepare(topology, new BuildListener() {});
    return new Preparation(
        topology,
        prepared.facts(),
        prepared.options().withKernelLogApart(),
        prepared.missingImages());
  }
}
