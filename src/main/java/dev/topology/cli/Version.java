package dev.topology.cli;

import java.util.Optional;

/** The version of this program, which the build writes into the manifest of its jar. */
final class Version {

  private Version() {}

  static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }
}
