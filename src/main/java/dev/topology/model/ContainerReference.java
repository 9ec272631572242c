package dev.topology.model;

import java.nio.file.Path;
import java.util.Optional;

/** A container image, as a node names it. Its text is unique for it, and can be parsed again. */
public sealed interface ContainerReference {

  /**
   * One in a file system of the host: {@code oci:/srv/layout:v1}.
   *
   * @param path an OCI image layout, or an archive such as {@code docker save} makes; absolute
   * @param tag which of several images there
   */
  record Local(Path path, Optional<String> tag) implements ContainerReference {
    @Override
    public String toString() {
      return "oci:" + path + tag.map(it -> ":" + it).orElse("");
    }
  }

  /**
   * One of a registry: {@code docker.io/library/debian:12}.
   *
   * @param registry a host name or address, with a port if it is not the usual one
   * @param repository the path in the registry
   * @param tag the name of a version; it is of no account where there is a digest
   * @param digest the digest of the one version that is meant: {@code sha256:…}
   */
  record Remote(String registry, String repository, Optional<String> tag, Optional<String> digest)
      implements ContainerReference {
    @Override
    public String toString() {
      return registry
          + "/"
          + repository
          + tag.map(it -> ":" + it).orElse("")
          + digest.map(it -> "@" + it).orElse("");
    }
  }
}
