package dev.topology.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Debian's docker-registry on the loopback interface; the user "me" has the password "secret". A
 * test that needs it is skipped where it is not installed.
 */
public final class LocalRegistry implements AutoCloseable {

  /** What {@code docker login} would keep. */
  public static final String LOGIN =
      Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));

  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

  /** "secret", by bcrypt. */
  private static final String PASSWORD =
      "me:$2b$04$.nmCTDl0a8RvUku88wZlWeSVNP4opkHTVsTiHo/rxjjfV6f9YGCtS\n";

  private final HttpClient client = HttpClient.newHttpClient();
  private final String host;
  private final Process process;

  private LocalRegistry(String host, Process process) {
    this.host = host;
    this.process = process;
  }

  /**
   * Starts one, and waits until it listens.
   *
   * @param directory where it keeps what it has
   * @param asksPassword whether nobody gets anything without a password
   */
  public static LocalRegistry start(Path directory, boolean asksPassword) throws IOException {
    if (!Files.isExecutable(PROGRAM)) {
      Unavailable.because("needs a registry: apt-get install docker-registry");
    }
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    String host = "127.0.0.1:" + port;
    Path passwords = Files.writeString(directory.resolve("htpasswd"), PASSWORD);
    String access =
        asksPassword ? "auth: {htpasswd: {realm: test, path: %s}}%n".formatted(passwords) : "";
    Path config =
        Files.writeString(
            directory.resolve("config.yml"),
            """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "%s"}
            %s"""
                .formatted(directory.resolve("registry"), host, access));
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    await()
        .atMost(Duration.ofMinutes(10))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
              }
            });
    return new LocalRegistry(host, process);
  }

  /** Its address and port, with which the names of its images begin. */
  public String host() {
    return host;
  }

  /** Puts the first image of an OCI layout into it, as {@code NAME:TAG}. */
  public void push(Path layout, String name, String tag) throws Exception {
    String place = "http://" + host + "/v2/" + name;
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        HttpResponse<?> begun = send("POST", place + "/blobs/uploads/", null);
        String upload = begun.headers().firstValue("location").orElseThrow();
        send("PUT", upload + "&digest=sha256:" + blob.getFileName(), blob);
      }
    }
    String digest =
        JsonMapper.builder()
            .build()
            .readTree(layout.resolve("index.json").toFile())
            .at("/manifests/0/digest")
            .textValue();
    send("PUT", place + "/manifests/" + tag, layout.resolve("blobs/" + digest.replace(':', '/')));
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

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
