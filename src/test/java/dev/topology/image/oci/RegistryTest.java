package dev.topology.image.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.topology.image.BuildListener;
import dev.topology.image.BuildListener.PackageDownload;
import dev.topology.image.ImageException;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference.Remote;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that are not as they should be. */
class RegistryTest {

  private static final Map<String, Object> CONFIG = Map.of("Cmd", List.of("x"));

  @TempDir private Path directory;

  /** What the registry answers; the body's characters are its bytes. */
  private record Answer(int status, Map<String, String> headers, String body) {

    Answer(int status, Map<String, String> headers) {
      this(status, headers, "");
    }

    static Answer of(byte[] body) {
      return new Answer(200, Map.of(), new String(body, ISO_8859_1));
    }

    void send(HttpExchange exchange) throws IOException {
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
      exchange.getResponseBody().write(body.getBytes(ISO_8859_1));
      exchange.close();
    }
  }

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private String host;
  private Path layout;
  private ContainerStore store;

  @BeforeEach
  void serve() throws IOException {
    layout = directory.resolve("layout");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          String path = exchange.getRequestURI().getPath();
          asked.add(path + (authorization == null ? "" : " " + authorization));
          Answer answer = answers.getOrDefault(path, new Answer(404, Map.of()));
          if (path.startsWith("/v2/") && answers.containsKey("login") && authorization == null) {
            answer = answers.get("login");
          }
          answer.send(exchange);
        });
    server.start();
    host = "127.0.0.1:" + server.getAddress().getPort();
    store = store(Map.of("HOME", directory.toString()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void fetchesOnlyWhatIsMissing() throws Exception {
    LayoutMaker maker =
        new LayoutMaker(layout).layer(tar("one")).layer(tar("two")).image("v1", CONFIG);
    offer("v1");
    List<PackageDownload> shown = new ArrayList<>();
    BuildListener listener =
        new BuildListener() {
          @Override
          public void resolved(List<PackageDownload> downloads) {
            shown.addAll(downloads);
          }
        };

    Path disk = store.ensure(image("v1"), Architecture.AMD64, listener);

    assertThat(content(disk)).contains("one", "two");
    assertThat(shown).hasSize(2);
    assertThat(store.list()).extracting(it -> it.name()).containsExactly(host + "/app:v1");
    asked.clear();
    assertThat(store.ensure(image("v1"), Architecture.AMD64, listener)).isEqualTo(disk);
    assertThat(asked).isEmpty();
    maker.layer(tar("three")).image("v2", CONFIG);
    offer("v2");
    store.pull(image("v2"), Architecture.AMD64, listener);
    assertThat(asked.stream().filter(it -> it.contains("/blobs/"))).hasSize(2);

    assertThat(store.remove(image("v1"))).isTrue();
    assertThat(disk).doesNotExist();
    assertThat(content(store.ensure(image("v2"), Architecture.AMD64, listener)))
        .contains("one", "two", "three");
    assertThat(store.remove(image("v2"))).isTrue();
    try (Stream<Path> blobs = Files.list(directory.resolve("store/blobs/sha256"))) {
      assertThat(blobs).isEmpty();
    }
  }

  @Test
  void takesTheImageOfADigestAndNoOther() throws Exception {
    new LayoutMaker(layout).layer(tar("x")).image("v1", CONFIG);
    Digest digest = offer("v1");
    Remote pinned = new Remote(host, "app", Optional.empty(), Optional.of(digest.toString()));
    assertThat(store.ensure(pinned, Architecture.AMD64, new BuildListener() {})).exists();

    answers.put("/v2/app/manifests/" + digest, new Answer(200, Map.of(), "{}"));
    assertRefused(pinned, "the registry sent another image: its digest is sha256:");
  }

  @Test
  void partsWithAWrongDigestDoNotGetIn() throws Exception {
    LayoutMaker maker = new LayoutMaker(layout).layer(tar("x")).image("v1", CONFIG);
    Files.write(maker.packed(0), new byte[(int) Files.size(maker.packed(0))]);
    offer("v1");
    assertRefused(image("v1"), "it is damaged: its digest is sha256:");
    Files.write(maker.packed(0), new byte[100_000]);
    offer("v1");
    assertRefused(image("v1"), "is longer than its manifest says");
    assertThat(store.list()).isEmpty();
  }

  @Test
  void saysWhatTheRegistryWants() throws Exception {
    assertRefused(image("v1"), "has no such image of \"app\"");
    answers.put("/v2/app/manifests/v1", new Answer(429, Map.of()));
    assertRefused(image("v1"), "allows no more for now");
    answers.put("/v2/app/manifests/v1", new Answer(503, Map.of()));
    assertRefused(image("v1"), "answers with status 503");
    Remote nobody = new Remote("127.0.0.1:1", "app", Optional.of("v1"), Optional.empty());
    assertRefused(nobody, "127.0.0.1:1 cannot be reached");
  }

  @Test
  void credentialsGoToTheRegistryAndItsTokenServiceOnly() throws Exception {
    new LayoutMaker(layout).layer(tar("x")).image("v1", CONFIG);
    offer("v1");
    answers.put(
        "login", challenge("Bearer realm=\"http://%s/token\",service=\"s\"".formatted(host)));
    answers.put("/token", new Answer(401, Map.of()));
    assertRefused(image("v1"), "log in, as by \"docker login " + host + "\"");

    Path config = Files.createDirectories(directory.resolve("docker")).resolve("config.json");
    String pair = Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));
    Files.writeString(config, "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host, pair));
    store = store(Map.of("DOCKER_CONFIG", directory.resolve("docker").toString()));
    answers.put("/token", new Answer(200, Map.of(), "{\"token\": \"t\"}"));
    HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.2", 0), 0);
    List<String> seen = new CopyOnWriteArrayList<>();
    Map<String, Answer> blobs = new ConcurrentHashMap<>();
    other.createContext(
        "/",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          Objects.requireNonNull(blobs.get(exchange.getRequestURI().getPath())).send(exchange);
        });
    other.start();
    try {
      answers.replaceAll(
          (path, answer) -> {
            if (!path.contains("/blobs/")) {
              return answer;
            }
            blobs.put(path, answer);
            return new Answer(
                307,
                Map.of(
                    "Location",
                    "http://127.0.0.2:%d%s".formatted(other.getAddress().getPort(), path)));
          });
      assertThat(store.ensure(image("v1"), Architecture.AMD64, new BuildListener() {})).exists();
    } finally {
      other.stop(0);
    }

    assertThat(asked).contains("/token Basic " + pair, "/v2/app/manifests/v1 Bearer t");
    assertThat(seen).isNotEmpty().containsOnly("null");
  }

  @Test
  void nothingIsSentWithoutEncryptionToAnotherMachine() throws Exception {
    answers.put("login", challenge("Bearer realm=\"http://auth.example/token\""));
    assertRefused(image("v1"), "names the token service \"http://auth.example/token");
    answers.remove("login");
    answers.put(
        "/v2/app/manifests/v1", new Answer(302, Map.of("Location", "http://cdn.example/x")));
    assertRefused(image("v1"), "redirects to \"http://cdn.example/x\", not by https");
    answers.put(
        "/v2/app/manifests/v1", new Answer(302, Map.of("Location", "/v2/app/manifests/v1")));
    assertRefused(image("v1"), "redirects without end");
  }

  private static Answer challenge(String words) {
    return new Answer(401, Map.of("WWW-Authenticate", words));
  }

  /** Has the registry offer an image of the layout, and all parts of the layout. */
  private Digest offer(String name) throws Exception {
    try (ImageParts parts = new ImageParts.OfDirectory(layout)) {
      ContentDescriptor image = ContainerImage.named(parts, Optional.of(name));
      byte[] manifest = ContainerImage.checked(parts, image);
      answers.put("/v2/app/manifests/" + name, Answer.of(manifest));
      answers.put("/v2/app/manifests/" + image.digest(), Answer.of(manifest));
      try (Stream<Path> files = Files.list(layout.resolve("blobs/sha256"))) {
        for (Path file : files.toList()) {
          answers.put(
              "/v2/app/blobs/sha256:" + file.getFileName(), Answer.of(Files.readAllBytes(file)));
        }
      }
      return image.digest();
    }
  }

  private Remote image(String tag) {
    return new Remote(host, "app", Optional.of(tag), Optional.empty());
  }

  private ContainerStore store(Map<String, String> environment) {
    return new ContainerStore(directory.resolve("store"), environment);
  }

  private void assertRefused(Remote image, String why) {
    assertThatThrownBy(() -> store.pull(image, Architecture.AMD64, new BuildListener() {}))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("cannot use the container image " + image + ": ")
        .hasMessageContaining(why);
  }

  private static byte[] tar(String text) {
    return new TarMaker().file(text, text).bytes();
  }

  private static String content(Path disk) throws IOException {
    return new String(Files.readAllBytes(disk), ISO_8859_1);
  }
}
