package dev.topology.image.oci;

import dev.topology.image.ImageException;
import dev.topology.image.oci.Registry.EnvironmentProxies;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * With what registries are reached from here.
 *
 * @param logins the registries that there are credentials for, and the helpers that are asked for
 *     those of others
 * @param proxy the host and port of the proxy on the way to Docker Hub
 */
public record RegistryAccess(List<String> logins, Optional<String> proxy) {

  private static final URI DOCKER_HUB = URI.create("https://registry-1.docker.io/");

  public RegistryAccess {
    logins = List.copyOf(logins);
  }

  /**
   * Looks at the files of logins and the variables of proxies; asks nobody.
   *
   * @throws ImageException if one of them cannot be used; the message says which
   */
  public static RegistryAccess of(Map<String, String> environment) throws ImageException {
    return new RegistryAccess(logins(environment), proxy(environment));
  }

  private static List<String> logins(Map<String, String> environment) throws ImageException {
    try {
      return new RegistryCredentials(environment).logins();
    } catch (IOException e) {
      throw new ImageException("cannot read logins: " + ImageException.reason(e), e);
    }
  }

  private static Optional<String> proxy(Map<String, String> environment) throws ImageException {
    return EnvironmentProxies.of(environment).select(DOCKER_HUB).stream()
        .filter(it -> it.address() instanceof InetSocketAddress)
        .map(it -> (InetSocketAddress) it.address())
        .map(it -> it.getHostString() + ":" + it.getPort())
        .findFirst();
  }
}
