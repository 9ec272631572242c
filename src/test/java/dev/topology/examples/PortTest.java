package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.HostPortOf;
import dev.topology.junit.WithTopology;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** A web server in a guest, reached through a port of this host that the kernel chose. */
@WithTopology("topologies/ports.yaml")
class PortTest {

  private final HttpClient browser = HttpClient.newHttpClient();

  @Test
  void servesItsPage(@HostPortOf(node = "web", port = 80) int port) throws Exception {
    HttpResponse<String> page = get(port, "/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Hello from a microVM.");
  }

  @Test
  void hasNoOtherPages(@HostPortOf(node = "web", port = 80) int port) throws Exception {
    assertThat(get(port, "/nosuch").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    URI address = URI.create("http://localhost:" + port + path);
    return browser.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }
}
