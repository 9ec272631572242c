package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.topology.console.ConsoleRecord;
import dev.topology.image.BuildListener;
import dev.topology.language.load.LoadResult;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Architecture;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.exec.Shell;
import dev.topology.run.node.HostPort;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.testing.DebianDisk;
import dev.topology.testing.LocalRegistry;
import dev.topology.testing.TestHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every file in {@code topologies} does what it says, with real guests. */
class ShippedTopologiesTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  @TempDir Path runtime;

  private final Map<String, String> environment = new HashMap<>(System.getenv());
  private final Map<String, ConsoleRecord> consoles = new ConcurrentHashMap<>();

  @Test
  void pair() throws Exception {
    assertThat(outcomeOf("pair")).isEqualTo(new TopologyOutcome.Done());
    assertThat(console("left")).contains("3 packets transmitted, 3 packets received");
  }

  @Test
  void web() throws Exception {
    assertThat(outcomeOf("web")).isEqualTo(new TopologyOutcome.Done());
    assertThat(console("client")).contains("Hello from a microVM.");
  }

  @Test
  void line() throws Exception {
    assertThat(outcomeOf("line")).isEqualTo(new TopologyOutcome.Done());
    assertThat(console("client").lines())
        .anyMatch(hop -> hop.strip().startsWith("1  10.0.1.1"))
        .anyMatch(hop -> hop.strip().startsWith("2  10.0.2.2"))
        .anyMatch(hop -> hop.strip().startsWith("3  10.0.3.2"));
  }

  @Test
  void star() throws Exception {
    assertThat(outcomeOf("star")).isEqualTo(new TopologyOutcome.Done());
    for (String leaf : new String[] {"red", "green", "blue"}) {
      assertThat(console(leaf)).contains("2 packets received");
    }
  }

  @Test
  void lan() throws Exception {
    assertThat(outcomeOf("lan")).isEqualTo(new TopologyOutcome.Done());
    for (String client : new String[] {"client-1", "client-2", "client-3"}) {
      assertThat(console(client)).contains("PING server (10.127.255.1)", "2 packets received");
    }
  }

  @Test
  void vlan() throws Exception {
    assertThat(outcomeOf("vlan")).isEqualTo(new TopologyOutcome.Done());
    assertThat(console("red-1")).contains("PING red-2", "2 packets received");
    assertThat(console("red-1")).containsPattern("PING blue-2[\\s\\S]* 0 packets received");
    assertThat(console("blue-1")).contains("PING blue-2", "2 packets received");
  }

  @Test
  void cloud(@TempDir Path directory) throws Exception {
    Path key = DebianDisk.newKey(directory);
    environment.put("DISK", DebianDisk.file().toString());
    environment.put("SSH_KEY", key + ".pub");
    try (Launch launch = launch("cloud")) {
      launch.topology().ready().get(20, TimeUnit.MINUTES);
      int port = launch.topology().node("debian").hostPort(22);
      // The user comes after ssh.
      await().atMost(LIMIT).until(() -> DebianDisk.ssh(key, port, "hostname").equals("debian"));
      assertThat(launch.topology().node("client").shell().run("ping -c 2 debian").output())
          .contains(" 0% packet loss");
    }
  }

  @Test
  void shaped() throws Exception {
    assertThat(outcomeOf("shaped")).isEqualTo(new TopologyOutcome.Done());
    // 20 milliseconds there and 20 back, with up to 2 of jitter each.
    assertThat(console("left")).containsPattern("5 packets transmitted, [345] packets received");
    assertThat(console("left")).doesNotContainPattern("time=([0-9]|[12][0-9]|3[0-5])\\.");
  }

  @Test
  void arm64() throws Exception {
    TestHost.qemu(Architecture.ARM64);
    TestHost.qemu(Architecture.AMD64);
    assertThat(outcomeOf("arm64")).isEqualTo(new TopologyOutcome.Done());
    assertThat(console("board")).contains("aarch64", "hello from x86_64");
    assertThat(console("desk")).contains("3 packets received");
  }

  @Test
  void disks() throws Exception {
    TestHost.requireMke2fs();
    assertThat(outcomeOf("disks")).isEqualTo(new TopologyOutcome.Done());
  }

  @Test
  void files() throws Exception {
    assertThat(outcomeOf("files")).isEqualTo(new TopologyOutcome.Done());
    assertThat(console("reader")).contains("reader reads: Good morning from the host.");
  }

  @Test
  void shares() throws Exception {
    TestHost.requireShares();
    assertThat(outcomeOf("shares")).isEqualTo(new TopologyOutcome.Done());
    assertThat(console("reader"))
        .contains("reader reads: Good morning from the host.", "Read-only file system");
  }

  @Test
  void failure() throws Exception {
    assertThat(outcomeOf("failure"))
        .isInstanceOfSatisfying(
            TopologyOutcome.Failed.class,
            failed -> {
              assertThat(failed.report().node()).isEqualTo("broken");
              assertThat(failed.report().cause()).isEqualTo(new FailureCause.CommandFailed(3));
            });
  }

  @Test
  void ports() throws Exception {
    try (Launch launch = launch("ports")) {
      launch.topology().ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      HostPort web = launch.topology().hostPorts().get().get(0);
      URI page = URI.create("http://127.0.0.1:" + web.hostPort() + "/");
      assertThat(
              HttpClient.newHttpClient()
                  .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                  .body())
          .contains("Hello from a microVM.");
    }
  }

  @Test
  void services() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] greeting = "greetings from the host\n".getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/index.html",
        exchange -> {
          exchange.sendResponseHeaders(200, greeting.length);
          exchange.getResponseBody().write(greeting);
          exchange.close();
        });
    server.start();
    try {
      environment.put("SERVICE_PORT", String.valueOf(server.getAddress().getPort()));
      assertThat(outcomeOf("services")).isEqualTo(new TopologyOutcome.Done());
      assertThat(console("client")).contains("greetings from the host");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void frr(@TempDir Path directory) throws Exception {
    try (LocalRegistry registry = LocalRegistry.start(directory, false)) {
      registry.push(FrrImage.layout(), "frr", "10");
      environment.put("FRR_IMAGE", registry.host() + "/frr:10");
      try (Launch launch = launch("frr")) {
        launch.topology().ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Shell client = launch.topology().node("client").shell();
        assertThat(client.run("wget -q -O - http://server/").output())
            .contains("Hello from a microVM.");
        assertThat(client.run("traceroute -n server").output().lines()).hasSize(1 + 3);

        launch.topology().cable("north-south").cut();

        await()
            .atMost(LIMIT)
            .until(() -> client.run("traceroute -n server").output().lines().count() == 1 + 4);
        assertThat(client.run("wget -q -O - http://server/").output())
            .contains("Hello from a microVM.");
      }
    }
  }

  private TopologyOutcome outcomeOf(String name) throws Exception {
    try (Launch launch = launch(name)) {
      return launch.topology().awaitOutcome(LIMIT);
    }
  }

  private Launch launch(String name) throws Exception {
    Launcher launcher =
        new Launcher(
            new UserDirectories(
                environment, Path.of("").toAbsolutePath(), TestHost.cache(), runtime));
    LoadResult.Loaded loaded =
        (LoadResult.Loaded) launcher.load(Path.of("topologies", name + ".yaml"));
    assertThat(loaded.diagnostics()).isEmpty();
    return Launch.start(
        launcher.prepare(loaded.topology(), new BuildListener() {}).plan(),
        new RunListener() {
          @Override
          public void opened(ConsoleRecord console) {
            consoles.put(console.node(), console);
          }
        });
  }

  private String console(String node) {
    return Objects.requireNonNull(consoles.get(node), node).text();
  }
}
