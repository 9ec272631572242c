package dev.topology.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference.Local;
import dev.topology.model.ContainerReference.Remote;
import dev.topology.testing.LocalRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's docker-registry on the loopback interface, with a password. */
class RealRegistryTest {

  @TempDir private Path directory;
  private LocalRegistry registry;
  private String host;

  @BeforeEach
  void start() throws IOException {
    registry = LocalRegistry.start(directory, true);
    host = registry.host();
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void imagesComeFromARegistryAndFromFilesUnderItsName() throws Exception {
    Path layout = push("from the registry");
    Remote image = new Remote(host, "team/app", Optional.of("v1"), Optional.empty());

    assertThatThrownBy(
            () -> store(Map.of()).ensure(image, Architecture.AMD64, new BuildListener() {}))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("log in, as by \"docker login " + host + "\"");
    logIn();
    ContainerStore store = store(Map.of("DOCKER_CONFIG", directory.toString()));
    Path disk = store.ensure(image, Architecture.AMD64, new BuildListener() {});
    assertThat(Files.readString(disk, StandardCharsets.ISO_8859_1)).contains("from the registry");

    Remote imported = new Remote("docker.io", "me/app", Optional.of("1"), Optional.empty());
    store.importAs(
        imported, new Local(layout, Optional.empty()), Architecture.AMD64, new BuildListener() {});
    assertThat(store.ensure(imported, Architecture.AMD64, new BuildListener() {})).isEqualTo(disk);
    assertThat(store.list())
        .extracting(ContainerStore.StoredImage::name)
        .containsExactly(host + "/team/app:v1", "docker.io/me/app:1");
  }

  @Test
  void mirrorsAreAskedFirstWithCredentialsOfTheirOwn() throws Exception {
    push("from the mirror");
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"auths": {"%s": {"auth": "%s"}, "127.0.0.1:9": {"auth": "b3RoZXI6c2VjcmV0"}}}
        """
            .formatted(host, LocalRegistry.LOGIN));
    String mirrors = "other.example=127.0.0.1:8, 127.0.0.1:9=http://%s/".formatted(host);
    ContainerStore store =
        store(Map.of("DOCKER_CONFIG", directory.toString(), "TOPOLOGY_REGISTRY_MIRRORS", mirrors));
    Remote image = new Remote("127.0.0.1:9", "team/app", Optional.of("v1"), Optional.empty());

    Path disk = store.ensure(image, Architecture.AMD64, new BuildListener() {});

    assertThat(Files.readString(disk, StandardCharsets.ISO_8859_1)).contains("from the mirror");
    assertThat(store.list())
        .extracting(ContainerStore.StoredImage::name)
        .containsExactly("127.0.0.1:9/team/app:v1");
  }

  @Test
  void theRegistryItselfIsAskedWhereNoMirrorHelps() throws Exception {
    push("from the registry");
    logIn();
    String mirrors = "%1$s=http://mirror.example,%1$s=no/host %1$s=127.0.0.1:9".formatted(host);
    Map<String, String> environment =
        Map.of("DOCKER_CONFIG", directory.toString(), "TOPOLOGY_REGISTRY_MIRRORS", mirrors);
    List<String> steps = new ArrayList<>();
    BuildListener listener =
        new BuildListener() {
          @Override
          public void step(String what) {
            steps.add(what);
          }
        };

    store(environment)
        .ensure(
            new Remote(host, "team/app", Optional.of("v1"), Optional.empty()),
            Architecture.AMD64,
            listener);

    assertThat(steps)
        .contains(
            "no help from mirror http://mirror.example: without https, only this host itself is"
                + " asked",
            "no help from mirror no/host: \"no/host\" is not an address such as mirror.example:5000",
            "asking " + host)
        .anyMatch(it -> it.startsWith("no help from mirror 127.0.0.1:9: "));
  }

  @Test
  void mirrorsOfDockerAreThoseOfItsHub() throws Exception {
    Path file = directory.resolve("docker/daemon.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"registry-mirrors\": [\"https://mirror.example\"]}");
    RegistryMirrors mirrors = new RegistryMirrors(Map.of("XDG_CONFIG_HOME", directory.toString()));

    assertThat(mirrors.of("docker.io")).containsExactly("https://mirror.example");
    assertThat(mirrors.of("ghcr.io")).isEmpty();
  }

  /** Pushes an image as team/app:v1. */
  private Path push(String content) throws Exception {
    Path layout = directory.resolve("layout");
    new LayoutMaker(layout)
        .layer(new TarMaker().file("a", content).bytes())
        .image("v1", Map.of("Cmd", List.of("x")));
    registry.push(layout, "team/app", "v1");
    return layout;
  }

  private void logIn() throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host, LocalRegistry.LOGIN));
  }

  private ContainerStore store(Map<String, String> environment) {
    return new ContainerStore(directory.resolve("store"), environment);
  }
}
