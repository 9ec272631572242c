package dev.topology.junit;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What is configured for a whole test run. */
record Settings(boolean required, Optional<Path> cache) {

  private static final String REQUIRED_VARIABLE = "TOPOLOGY_REQUIRED";

  static Settings of(ExtensionContext context) {
    return new Settings(
        context
            .getConfigurationParameter(TopologyExtension.REQUIRED)
            .or(() -> Optional.ofNullable(System.getenv(REQUIRED_VARIABLE)))
            .filter(Settings::isYes)
            .isPresent(),
        context
            .getConfigurationParameter(TopologyExtension.CACHE)
            .map(path -> Path.of(path).toAbsolutePath()));
  }

  /** Whoever sets it means it, whatever the spelling; unless it says no. */
  private static boolean isYes(String value) {
    return !value.isBlank() && !value.equalsIgnoreCase("false") && !value.equals("0");
  }
}
