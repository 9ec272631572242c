package dev.topology.language.load;

import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.Map;

/**
 * A text to load and what it may refer to.
 *
 * @param source the text; its name gives the topology its name, unless it has one
 * @param directory relative paths start here; absolute
 * @param environment values of {@code ${VARIABLES}}
 * @param hostFiles answers whether files of the host that the text names are there
 * @param host what else is known of the host
 */
public record LoadRequest(
    SourceText source,
    Path directory,
    Map<String, String> environment,
    HostFiles hostFiles,
    HostLimits host) {

  public LoadRequest {
    environment = Map.copyOf(environment);
  }

  /** On a host of which only the files are known. */
  public LoadRequest(
      SourceText source, Path directory, Map<String, String> environment, HostFiles hostFiles) {
    this(source, directory, environment, hostFiles, HostLimits.UNKNOWN);
  }

  /** The file whose text it is; one that is not there, if it was read from elsewhere. */
  Path file() {
    return directory.resolve(Path.of(source.name()).getFileName());
  }

  /** A text held in memory. Loading it touches no file: those it names are taken to be there. */
  public static LoadRequest ofText(SourceText source, Map<String, String> environment) {
    return new LoadRequest(source, Path.of("").toAbsolutePath(), environment, HostFiles.ASSUMED);
  }
}
