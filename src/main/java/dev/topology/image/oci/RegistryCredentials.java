package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.image.ImageException;
import dev.topology.source.Quote;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Credentials as {@code docker login} and {@code podman login} leave them: in {@code
 * ~/.docker/config.json}, or in the helper that it names.
 *
 * @param environment where {@code HOME}, {@code DOCKER_CONFIG} and {@code PATH} are looked up; that
 *     of helpers, too
 * @param patience how long a helper may take, such as to ask its user for a password
 */
record RegistryCredentials(Map<String, String> environment, Duration patience) {

  RegistryCredentials(Map<String, String> environment) {
    this(environment, Duration.ofSeconds(60));
  }

  /** Docker's own name for its registry. */
  private static final String DOCKER_HUB = "https://index.docker.io/v1/";

  /** The user name that stands for a token to get others with. */
  private static final String TOKEN = "<token>";

  /** A user, or a token. */
  record Login(String user, String secret) {

    boolean isToken() {
      return user.equals(TOKEN);
    }

    String basic() {
      byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
  }

  /** Docker's file; it need not exist. */
  Path file() {
    return Optional.ofNullable(environment.get("DOCKER_CONFIG"))
        .map(Path::of)
        .orElseGet(() -> Path.of(environment.getOrDefault("HOME", "/"), ".docker"))
        .resolve("config.json");
  }

  private Stream<Path> files() {
    Stream<Path> podmans =
        Optional.ofNullable(environment.get("XDG_RUNTIME_DIR")).stream()
            .map(directory -> Path.of(directory, "containers", "auth.json"));
    return Stream.concat(Stream.of(file()), podmans);
  }

  /**
   * The credentials for a registry, if there are any.
   *
   * @throws ImageException if the file cannot be read, or its helper fails
   */
  Optional<Login> of(String registry) throws IOException, ImageException, InterruptedException {
    String key = registry.equals("docker.io") ? DOCKER_HUB : registry;
    for (Path file : files().filter(Files::isReadable).toList()) {
      JsonNode config = ContainerImage.json(Files.readAllBytes(file), file.toString());
      String helper =
          config.path("credHelpers").path(key).asText(config.path("credsStore").asText(""));
      Optional<Login> login =
          helper.isEmpty()
              ? inFile(config, key, file)
              : new CredentialHelper(requireHelper(helper, file), environment, patience).ask(key);
      if (login.isPresent()) {
        return login;
      }
    }
    return Optional.empty();
  }

  /**
   * The registries that there are credentials for, as images name them, and the helpers that are
   * asked for those of all others.
   *
   * @throws ImageException if a file is damaged, or names a helper that is not on the {@code PATH}
   */
  List<String> logins() throws IOException, ImageException {
    Set<String> logins = new TreeSet<>();
    for (Path file : files().filter(Files::isReadable).toList()) {
      JsonNode config = ContainerImage.json(Files.readAllBytes(file), file.toString());
      config.path("auths").fieldNames().forEachRemaining(logins::add);
      for (var each : config.path("credHelpers").properties()) {
        requireHelper(each.getValue().asText(), file);
        logins.add(each.getKey());
      }
      String helper = config.path("credsStore").asText("");
      if (!helper.isEmpty()) {
        requireHelper(helper, file);
        logins.add("docker-credential-" + helper);
      }
    }
    if (logins.remove(DOCKER_HUB)) {
      logins.add("docker.io");
    }
    return List.copyOf(logins);
  }

  private Path requireHelper(String helper, Path file) throws ImageException {
    if (!helper.matches("[A-Za-z0-9._-]+")) {
      throw new ImageException(
          file + " names a helper " + Quote.of(helper) + ", which is no name of a program");
    }
    String program = "docker-credential-" + helper;
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(it -> !it.isEmpty())
        .map(it -> Path.of(it, program))
        .filter(it -> Files.isRegularFile(it) && Files.isExecutable(it))
        .findFirst()
        .orElseThrow(
            () ->
                new ImageException(
                    file
                        + " names the program "
                        + Quote.of(program)
                        + ", which is not on the PATH"));
  }

  private static Optional<Login> inFile(JsonNode config, String key, Path file)
      throws ImageException {
    JsonNode entry = config.path("auths").path(key);
    String token = entry.path("identitytoken").asText("");
    if (!token.isEmpty()) {
      return Optional.of(new Login(TOKEN, token));
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(entry.path("auth").asText(""));
      String pair = new String(decoded, StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new Login(pair.substring(0, colon), pair.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new ImageException("the credentials of " + key + " in " + file + " are no base64", e);
    }
  }
}
