package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.topology.run.RunningTopology;
import dev.topology.run.node.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What guests reach of the host, and of each other by way of it. */
class HostNetworkTest {

  private static final byte[] SECRET = "secret\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private HttpServer loopback;

  @BeforeEach
  void serveASecret() throws IOException {
    loopback = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    loopback.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, SECRET.length);
          exchange.getResponseBody().write(SECRET);
          exchange.close();
        });
    loopback.start();
  }

  @AfterEach
  void stopServing() {
    loopback.stop(0);
  }

  @Test
  void aGuestReachesTheHostOnlyThroughWhatIsWrittenDown() throws Exception {
    String yaml =
        """
        nodes:
          web:
            ports: {80: auto}
            services: {"10.42.0.100:80": "127.0.0.1:%1$d"}
            ready: {port: 80}
            command: |
              mkdir /www
              timeout 10 wget -q -O /www/direct http://10.42.0.2:%1$d/ || echo none >/www/direct
              timeout 10 wget -q -O /www/service http://10.42.0.100/
              ip route show table all | grep -c default >/www/routes
              nslookup localhost 10.42.0.3 >/www/names || echo none >/www/names
              httpd -f -p 80 -h /www
          outgoing:
            host_network: {outside: true}
            command: wget -q -O - http://10.42.0.2:%1$d/
        """
            .formatted(loopback.getAddress().getPort());
    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      HostPort port = topology.hostPorts().get().get(0);

      assertThat(get(port, "direct")).isEqualTo("none\n");
      assertThat(get(port, "service")).isEqualTo("secret\n");
      assertThat(get(port, "routes")).isEqualTo("0\n");
      assertThat(get(port, "names")).endsWith("none\n");
      topology.node("outgoing").console().expect("secret", Duration.ofMinutes(10));
    }
  }

  private static String get(HostPort port, String file) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port.hostPort() + "/" + file);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  /** Also where the router would forward it, and whatever the default route is. */
  @Test
  void packetsForTheTopologyDoNotLeaveByTheHost() throws Exception {
    String yaml =
        """
        defaults: {host_network: {outside: true}}
        nodes:
          lost: {}
          found: {routes: {10.64.0.2/31: 10.64.0.5}}
          router: {forward: true}
          far: {routes: {default: 10.64.0.2}}
          stubborn: {routes: {default: 10.42.0.2}}
        cables:
          - [lost, router]
          - [router, far]
          - [found, router]
          - ends: [{node: stubborn, address: "fd00::1/64"}, {node: router, address: "fd00::2/64"}]
        """;
    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);

      for (String node : new String[] {"lost", "stubborn"}) {
        assertThat(run(topology, node, "ping -c 1 -W 2 far 2>&1")).contains("No route to host");
        assertThat(run(topology, node, "ip route get 192.0.2.1")).contains("dev eth0");
        assertThat(run(topology, node, "ip -6 route get 2001:db8::1 2>&1")).contains("unreachable");
      }
      assertThat(run(topology, "found", "ping -c 1 -W 5 far")).contains(" 0% packet loss");
      assertThat(run(topology, "far", "ip route get 192.0.2.1")).contains("dev eth1");
      assertThat(run(topology, "router", "ip route get 10.64.0.9 2>&1")).contains("dev eth0");
    }
  }

  private static String run(RunningTopology topology, String node, String script) throws Exception {
    return topology.node(node).shell().run(script).output();
  }
}
