package dev.topology.image.oci;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proxies as the environment names them: {@code HTTPS_PROXY}, {@code ALL_PROXY}, {@code NO_PROXY}.
 */
final class EnvironmentProxies extends ProxySelector {

  private static final int USUAL_PORT = 80;

  private final Map<String, String> environment;

  EnvironmentProxies(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toUpperCase(Locale.ROOT);
    return isExcepted(String.valueOf(uri.getHost()))
        ? List.of(Proxy.NO_PROXY)
        : List.of(
            variable(scheme + "_PROXY")
                .or(() -> variable("ALL_PROXY"))
                .map(EnvironmentProxies::proxy)
                .orElse(Proxy.NO_PROXY));
  }

  /** Names and what is below them; as with curl(1), a dot before a name does not matter. */
  private boolean isExcepted(String host) {
    return host.equals("localhost")
        || host.startsWith("127.")
        || variable("NO_PROXY").stream()
            .flatMap(list -> Stream.of(list.split("[, ]+", -1)))
            .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
            .filter(entry -> !entry.isEmpty())
            .anyMatch(
                entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT)))
        .or(() -> Optional.ofNullable(environment.get(name)))
        .filter(value -> !value.isBlank());
  }

  private static Proxy proxy(String address) {
    URI uri = URI.create(address.contains("://") ? address : "http://" + address);
    int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {}
}
