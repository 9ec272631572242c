package dev.topology.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.model.ContainerReference.Local;
import dev.topology.model.ContainerReference.Remote;
import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's docker-registry on the loopback interface, with a password. */
class RealRegistryTest {

  private static final Path REGISTRY = Path.of("/usr/bin/docker-registry");

  /** "secret", by bcrypt. */
  private static final String PASSWORD =
      "me:$2b$04$.nmCTDl0a8RvUku88wZlWeSVNP4opkHTVsTiHo/rxjjfV6f9YGCtS\n";

  private static final String LOGIN =
      Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private Process registry;
  private String host;

  @BeforeEach
  void start() throws Exception {
    if (!Files.isExecutable(REGISTRY)) {
      Unavailable.because("needs a registry: apt-get install docker-registry");
    }
    try (ServerSocket socket = new ServerSocket(0)) {
      host = "127.0.0.1:" + socket.getLocalPort();
    }
    Path passwords = Files.writeString(directory.resolve("htpasswd"), PASSWORD);
    Path config =
        Files.writeString(
            directory.resolve("config.yml"),
            """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "%s"}
            auth: {htpasswd: {realm: test, path: %s}}
            """
                .formatted(directory.resolve("registry"), host, passwords));
    registry =
        new ProcessBuilder(REGISTRY.toString(), "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    int port = Integer.parseInt(host.substring(host.indexOf(':') + 1));
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreException(IOException.class)
        .until(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
              }
            });
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (registry != null) {
      registry.destroy();
      registry.waitFor();
    }
  }

  @Test
  void imagesComeFromARegistryAndFromFilesUnderItsName() throws Exception {
    Path layout = directory.resolve("layout");
    new LayoutMaker(layout)
        .layer(new TarMaker().file("a", "from the registry").bytes())
        .image("v1", Map.of("Cmd", List.of("x")));
    push(layout);
    Remote image = new Remote(host, "team/app", Optional.of("v1"), Optional.empty());

    assertThatThrownBy(() -> store(Map.of()).ensure(image, new BuildListener() {}))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("log in, as by \"docker login " + host + "\"");
    Files.writeString(
        directory.resolve("config.json"),
        "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host, LOGIN));
    ContainerStore store = store(Map.of("DOCKER_CONFIG", directory.toString()));
    Path disk = store.ensure(image, new BuildListener() {});
    assertThat(Files.readString(disk, StandardCharsets.ISO_8859_1)).contains("from the registry");

    Remote imported = new Remote("docker.io", "me/app", Optional.of("1"), Optional.empty());
    store.importAs(imported, new Local(layout, Optional.empty()), new BuildListener() {});
    assertThat(store.ensure(imported, new BuildListener() {})).isEqualTo(disk);
    assertThat(store.list())
        .extracting(ContainerStore.StoredImage::name)
        .containsExactly(host + "/team/app:v1", "docker.io/me/app:1");
  }

  private ContainerStore store(Map<String, String> environment) {
    return new ContainerStore(directory.resolve("store"), environment);
  }

  private void push(Path layout) throws Exception {
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        HttpResponse<?> begun =
            send("POST", "http://" + host + "/v2/team/app/blobs/uploads/", null);
        String place = begun.headers().firstValue("location").orElseThrow();
        send("PUT", place + "&digest=sha256:" + blob.getFileName(), blob);
      }
    }
    try (ImageParts parts = new ImageParts.OfDirectory(layout)) {
      Descriptor image = ContainerImage.named(parts, Optional.empty());
      send(
          "PUT",
          "http://" + host + "/v2/team/app/manifests/v1",
          layout.resolve(ImageParts.path(image.digest())));
    }
  }

  private HttpResponse<?> send(String method, String uri, @Nullable Path body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri))
            .header("Authorization", "Basic " + LOGIN)
            .header("Content-Type", "application/vnd.oci.image.manifest.v1+json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofFile(body))
            .build();
    HttpResponse<?> response = client.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.toString()).isBetween(200, 299);
    return response;
  }
}
