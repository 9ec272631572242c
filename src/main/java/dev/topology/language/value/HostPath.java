package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_PATH;

import dev.topology.source.Quote;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A path of the host as it is written: absolute, relative to the topology file, or {@code ~/} for
 * the home directory.
 *
 * @param text as written; a path of the default file system
 */
public record HostPath(String text) {

  static Parsed<HostPath> parse(String text) {
    if (text.isBlank()) {
      return Parsed.wrong(BAD_PATH, "a path cannot be empty");
    }
    try {
      var unused = Path.of(text);
      return Parsed.value(new HostPath(text));
    } catch (InvalidPathException e) {
      // In the POSIX locale the JDK cannot encode a path that is not ASCII.
      return Parsed.wrong(
          BAD_PATH,
          Quote.of(text) + " cannot be a path: " + e.getReason(),
          "with LC_ALL=C.UTF-8 in the environment, paths may hold any character");
    }
  }

  /** Whether it depends on the directory of the topology file. */
  public boolean isRelative() {
    return !text.startsWith("/") && !text.startsWith("~");
  }

  /** The same path with a suffix before the extension: {@code uplink-1.pcap}. */
  public HostPath suffixed(String suffix) {
    int slash = text.lastIndexOf('/');
    int dot = text.lastIndexOf('.');
    int end = dot > slash + 1 ? dot : text.length();
    return new HostPath(text.substring(0, end) + suffix + text.substring(end));
  }

  /**
   * Makes paths absolute.
   *
   * @param directory of the topology file; absolute
   * @param home of the user; without one, {@code ~} is a name like others
   */
  public record Base(Path directory, Optional<Path> home) {

    /** The home directory is that of {@code HOME}. */
    public static Base of(Path directory, Map<String, String> environment) {
      return new Base(
          directory,
          Optional.ofNullable(environment.get("HOME")).filter(it -> !it.isEmpty()).map(Path::of));
    }

    /** The absolute, normalised path. */
    public Path resolve(HostPath path) {
      String text = path.text;
      if (home.isPresent() && (text.equals("~") || text.startsWith("~/"))) {
        return home.get().resolve(text.substring(Math.min(2, text.length()))).normalize();
      }
      return directory.resolve(text).normalize();
    }
  }
}
