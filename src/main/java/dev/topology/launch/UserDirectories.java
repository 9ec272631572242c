package dev.topology.launch;

import dev.topology.image.oci.ContainerStore;
import dev.topology.model.Architecture;
import dev.topology.posix.EffectiveUser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The directories of a user, and the environment that they follow from.
 *
 * @param environment variables of the process
 * @param directory where relative paths start; absolute
 * @param cache where images and results of probes are kept; need not exist
 * @param runtime where each running topology has a directory of its name; need not exist
 */
public record UserDirectories(
    Map<String, String> environment, Path directory, Path cache, Path runtime) {

  public UserDirectories {
    environment = Map.copyOf(environment);
  }

  /** Those of this process, with the locale its user has. */
  public static UserDirectories ofProcess() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    // The launcher runs the JVM under C.UTF-8, for file names, and says what it found.
    Optional.ofNullable(System.getProperty("topology.locale"))
        .ifPresent(locale -> environment.put("LC_ALL", locale));
    return of(environment, Path.of("").toAbsolutePath());
  }

  /**
   * Those that an environment describes, by the XDG base directory specification; where it says
   * nothing, a directory of this user's under the temporary one.
   *
   * @param directory absolute
   */
  public static UserDirectories of(Map<String, String> environment, Path directory) {
    Path cache =
        absolute(environment, "XDG_CACHE_HOME")
            .or(() -> absolute(environment, "HOME").map(home -> home.resolve(".cache")))
            .map(base -> base.resolve("topology"))
            .orElseGet(() -> ownTemporary(environment).resolve("cache"));
    Path runtime =
        absolute(environment, "XDG_RUNTIME_DIR")
            .map(base -> base.resolve("topology"))
            .orElseGet(() -> ownTemporary(environment));
    return new UserDirectories(environment, directory, cache, runtime);
  }

  /** Where the guest images of an architecture are kept. */
  public Path images(Architecture architecture) {
    return cache.resolve(architecture == Architecture.AMD64 ? "images" : "images-" + architecture);
  }

  /** Where container images are kept, and the disks made of them. */
  public ContainerStore containers() {
    return new ContainerStore(cache.resolve("containers"), environment);
  }

  /** Where saved guests are kept. */
  public Path snapshots() {
    return cache.resolve("snapshots");
  }

  /** The path as seen from here. */
  public Path resolve(Path path) {
    return directory.resolve(path).normalize();
  }

  private static Path ownTemporary(Map<String, String> environment) {
    return absolute(environment, "TMPDIR").orElse(Path.of("/tmp")).resolve("topology-" + uid());
  }

  /** The specification says: a relative path is to be ignored. */
  private static Optional<Path> absolute(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> value.startsWith("/"))
        .map(Path::of);
  }

  private static String uid() {
    try {
      return String.valueOf(EffectiveUser.current().uid());
    } catch (IOException notLinux) {
      return System.getProperty("user.name", "user");
    }
  }
}
