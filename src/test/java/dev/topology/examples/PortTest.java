package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.HostPortOf;
import dev.topology.junit.WithTopology;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** A web server in a guest, reached through a port of this host that the kernel chose. */
@WithTopology("topologies/ports.yaml")
class PortTest {

  @Test
  void servesItsPage(@HostPortOf(node = "web", port = 80) int port) throws Exception {
    URI page = URI.create("http://localhost:" + port + "/");
    HttpRequest request = HttpRequest.newBuilder(page).build();

    String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();

    assertThat(body).contains("Hello from a microVM.");
  }
}
