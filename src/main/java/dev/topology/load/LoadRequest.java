package dev.topology.load;

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
 */
public record LoadRequest(
    SourceText source, Path directory, Map<String, String> environment, HostFiles hostFiles) {

  public LoadRequest {
    environment = Map.copyOf(environment);
  }

  /** A text held in memory. Loading it touches no file: those it names are taken to be there. */
  public static LoadRequest ofText(SourceText source, Map<String, String> environment) {
    return new LoadRequest(source, Path.of("").toAbsolutePath(), environment, HostFiles.ASSUMED);
  }
}
