package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.model.ContainerReference.Remote;
import dev.topology.source.Quote;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The mirrors of registries, which are asked before the registries themselves: those of {@value
 * #VARIABLE}, {@code docker.io=mirror.example:5000}, one after the other with blanks or commas in
 * between; or where that is not set, those of the Docker Hub that Docker's daemon.json names.
 *
 * @param environment where the variable, {@code HOME} and {@code XDG_CONFIG_HOME} are looked up
 */
record RegistryMirrors(Map<String, String> environment) {

  static final String VARIABLE = "TOPOLOGY_REGISTRY_MIRRORS";

  /** The only registry for which Docker has mirrors. */
  private static final String DOCKER_HUB = "docker.io";

  private static final Path SYSTEM = Path.of("/etc/docker/daemon.json");

  /** Fetches an image from where it is. */
  interface Attempt {
    void from(Remote source) throws IOException, ImageException, InterruptedException;
  }

  /**
   * Fetches an image from the first mirror that has it, or else from its own registry.
   *
   * @param listener is told which mirrors are of no help, and why
   */
  void first(Remote image, BuildListener listener, Attempt attempt)
      throws IOException, ImageException, InterruptedException {
    for (String mirror : of(image.registry())) {
      try {
        attempt.from(at(mirror, image));
        return;
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException | ImageException e) {
        listener.step("no help from mirror " + mirror + ": " + e.getMessage());
      }
    }
    attempt.from(image);
  }

  /**
   * The mirrors of a registry as they are written, the first to be asked first.
   *
   * @throws ImageException if Docker's file is no JSON
   */
  List<String> of(String registry) throws IOException, ImageException {
    String given = environment.get(VARIABLE);
    if (given != null) {
      return Stream.of(given.split("[,\\s]+", -1))
          .filter(it -> it.startsWith(registry + "="))
          .map(it -> it.substring(registry.length() + 1))
          .toList();
    }
    return registry.equals(DOCKER_HUB) ? ofDocker() : List.of();
  }

  private List<String> ofDocker() throws IOException, ImageException {
    Path configurations =
        Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
            .map(Path::of)
            .orElseGet(() -> Path.of(environment.getOrDefault("HOME", "/"), ".config"));
    List<String> mirrors = new ArrayList<>();
    for (Path file : List.of(configurations.resolve("docker/daemon.json"), SYSTEM)) {
      if (mirrors.isEmpty() && Files.isReadable(file)) {
        JsonNode daemon = ContainerImage.json(Files.readAllBytes(file), file.toString());
        daemon.path("registry-mirrors").forEach(it -> mirrors.add(it.asText()));
      }
    }
    return mirrors;
  }

  /**
   * An image as a mirror has it: in a repository of the same name.
   *
   * @param mirror as it is written: {@code https://mirror.example:5000}, or without the scheme
   * @throws ImageException if that is no address of a mirror; a clause
   */
  static Remote at(String mirror, Remote image) throws ImageException {
    String host = mirror.replaceFirst("^https?://", "").replaceFirst("/$", "");
    if (!host.matches("([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\])(:\\d{1,5})?")) {
      throw new ImageException(Quote.of(mirror) + " is not an address such as mirror.example:5000");
    }
    if (mirror.startsWith("http://") && !Registry.isLoopback(host)) {
      throw new ImageException("without https, only this host itself is asked");
    }
    return new Remote(host, image.repository(), image.tag(), image.digest());
  }
}
