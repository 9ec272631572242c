package dev.topology.language.load;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes host paths as users write them absolute: relative to the file, {@code ~/} at home. */
final class HostPaths {

  private final Path directory;
  private final Optional<Path> home;

  HostPaths(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.home =
        Optional.ofNullable(environment.get("HOME")).filter(it -> !it.isEmpty()).map(Path::of);
  }

  /** Whether it matters where the file is. */
  boolean isRelative(String text) {
    return !text.startsWith("/") && !text.startsWith("~");
  }

  Path resolve(String text) {
    if (home.isPresent() && (text.equals("~") || text.startsWith("~/"))) {
      return home.get().resolve(text.substring(Math.min(2, text.length()))).normalize();
    }
    return directory.resolve(text).normalize();
  }
}
