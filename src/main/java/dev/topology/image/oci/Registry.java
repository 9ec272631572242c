package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.image.ImageException;
import dev.topology.image.oci.RegistryCredentials.Login;
import dev.topology.model.ContainerReference.Remote;
import dev.topology.source.Quote;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, to be read: "Pull" of the OCI Distribution Specification 1.1.
 *
 * <p>Speaks https, and plain http to a registry on the loopback interface only. Credentials go to
 * the registry, and to the token service that it names if that is https as well; where a
 * redirection leads to another host, they stay behind. Addresses of layers in manifests are not
 * read. Blocks; an interrupt ends a request.
 */
final class Registry {

  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int MOST_REDIRECTIONS = 5;
  private static final int LARGEST_TOKEN = 1 << 20;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

  private static final String MANIFESTS =
      "application/vnd.oci.image.index.v1+json,application/vnd.oci.image.manifest.v1+json,"
          + "application/vnd.docker.distribution.manifest.list.v2+json,"
          + "application/vnd.docker.distribution.manifest.v2+json";

  private final HttpClient client;
  private final Duration silence;
  private final String host;
  private final Remote reference;
  private final RegistryCredentials credentials;

  /** What is sent as {@code Authorization}, once the registry has asked for it. */
  private Optional<String> authorization = Optional.empty();

  /**
   * A repository.
   *
   * @param environment says where credentials are, and which proxies there are
   * @param silence how long it may say nothing in the middle of an answer
   */
  Registry(Remote reference, Map<String, String> environment, Duration silence)
      throws ImageException {
    this.silence = silence;
    this.host =
        reference.registry().equals("docker.io") ? "registry-1.docker.io" : reference.registry();
    this.reference = reference;
    this.credentials = new RegistryCredentials(environment);
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(EnvironmentProxies.of(environment))
            .build();
  }

  /** The document of that tag or digest. */
  byte[] manifest(String name) throws IOException, ImageException, InterruptedException {
    try (InputStream in = body(get("/manifests/" + name, MANIFESTS, 0))) {
      byte[] manifest = in.readNBytes(ImageParts.LARGEST_DOCUMENT + 1);
      if (manifest.length > ImageParts.LARGEST_DOCUMENT) {
        throw new ImageException("its manifest is larger than 4 MiB");
      }
      return manifest;
    }
  }

  /** A part that is read, from some byte on. */
  record Part(InputStream content, long start) {}

  /**
   * Opens a part.
   *
   * @param from the first byte that is wanted; a registry may send the part from its start
   */
  Part blob(Digest digest, long from) throws IOException, ImageException, InterruptedException {
    HttpResponse<InputStream> response = get("/blobs/" + digest, "*/*", from);
    return new Part(body(response), response.statusCode() == PARTIAL ? from : 0);
  }

  private InputStream body(HttpResponse<InputStream> response) {
    return new ResponseBody(response.body(), silence);
  }

  private HttpResponse<InputStream> get(String path, String accept, long from)
      throws IOException, ImageException, InterruptedException {
    URI uri = URI.create(scheme(host) + host + "/v2/" + reference.repository() + path);
    HttpResponse<InputStream> response = send(uri, accept, from);
    if (response.statusCode() == UNAUTHORIZED) {
      response.body().close();
      authorize(response.headers().firstValue("www-authenticate").orElse(""));
      response = send(uri, accept, from);
    }
    if (response.statusCode() != OK && response.statusCode() != PARTIAL) {
      response.body().close();
      throw refused(response);
    }
    return response;
  }

  private HttpResponse<InputStream> send(URI first, String accept, long from)
      throws IOException, ImageException, InterruptedException {
    URI uri = first;
    for (int redirections = 0; redirections <= MOST_REDIRECTIONS; redirections++) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).timeout(ANSWER).header("Accept", accept);
      if (from > 0) {
        request.header("Range", "bytes=" + from + "-");
      }
      if (uri.getAuthority().equals(first.getAuthority())
          && uri.getScheme().equals(first.getScheme())) {
        authorization.ifPresent(it -> request.header("Authorization", it));
      }
      HttpResponse<InputStream> response = exchange(request.build());
      Optional<String> location = response.headers().firstValue("location");
      if (response.statusCode() / 100 != 3 || location.isEmpty()) {
        return response;
      }
      response.body().close();
      uri = uri.resolve(location.get());
      requireSafe(uri, "redirects to");
    }
    throw new ImageException("the registry " + host + " redirects without end");
  }

  private HttpResponse<InputStream> exchange(HttpRequest request)
      throws IOException, ImageException, InterruptedException {
    String at = request.uri().getAuthority();
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new ImageException(
          at
              + " cannot be reached"
              + (e.getMessage() == null ? "" : ": " + e.getMessage())
              + (e.getCause() instanceof UnresolvedAddressException ? ": its name is unknown" : "")
              + ". If there is a proxy, set HTTPS_PROXY. Without a network, bring the image in a file"
              + " that docker save has made: topology image import oci:FILE "
              + reference,
          e);
    } catch (HttpTimeoutException e) {
      throw new ImageException(at + " does not answer", e);
    }
  }

  private void requireSafe(URI uri, String does) throws ImageException {
    boolean isSafe =
        uri.getAuthority() != null
            && ("https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme())
                    && isLoopback(host)
                    && isLoopback(uri.getAuthority())));
    if (!isSafe) {
      throw new ImageException(
          "the registry " + host + " " + does + " " + Quote.of(uri.toString()) + ", not by https");
    }
  }

  /** Does what the registry asks for: RFC 7235, and the token specification of distribution. */
  private void authorize(String challenge)
      throws IOException, ImageException, InterruptedException {
    Optional<Login> login = credentials.of(reference.registry());
    if (challenge.toLowerCase(Locale.ROOT).startsWith("basic")) {
      authorization = Optional.of(login.orElseThrow(this::wantsPassword).basic());
      return;
    }
    Map<String, String> parameters = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      parameters.put(matcher.group(1), matcher.group(2));
    }
    String realm = parameters.get("realm");
    if (!challenge.toLowerCase(Locale.ROOT).startsWith("bearer") || realm == null) {
      throw new ImageException("the registry " + host + " asks for credentials in an unknown way");
    }
    authorization = Optional.of("Bearer " + token(realm, parameters.get("service"), login));
  }

  private String token(String realm, @Nullable String service, Optional<Login> login)
      throws IOException, ImageException, InterruptedException {
    String query =
        "scope="
            + encoded("repository:" + reference.repository() + ":pull")
            + (service == null ? "" : "&service=" + encoded(service));
    URI uri = URI.create(realm + (realm.contains("?") ? "&" : "?") + query);
    requireSafe(uri, "names the token service");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(ANSWER);
    login.filter(it -> !it.isToken()).ifPresent(it -> request.header("Authorization", it.basic()));
    login
        .filter(Login::isToken)
        .ifPresent(
            it ->
                request
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            query
                                + "&client_id=topology&grant_type=refresh_token&refresh_token="
                                + encoded(it.secret()))));
    HttpResponse<InputStream> response = exchange(request.build());
    try (InputStream body = body(response)) {
      if (response.statusCode() != OK) {
        throw response.statusCode() == UNAUTHORIZED ? wantsPassword() : refused(response);
      }
      JsonNode json = ContainerImage.json(body.readNBytes(LARGEST_TOKEN), "the token");
      return json.path("token").asText(json.path("access_token").asText());
    }
  }

  private ImageException refused(HttpResponse<?> response) {
    String name = reference.repository();
    return switch (response.statusCode()) {
      case NOT_FOUND ->
          new ImageException("the registry " + host + " has no such image of " + Quote.of(name));
      case UNAUTHORIZED, FORBIDDEN -> wantsPassword();
      case TOO_MANY ->
          new ImageException("the registry " + host + " allows no more for now; log in, or wait");
      default ->
          new ImageException(
              "the registry " + host + " answers with status " + response.statusCode());
    };
  }

  private ImageException wantsPassword() {
    return new ImageException(
        "the registry %s lets nobody read %s without credentials, or not with those of %s: log in, as by \"docker login %s\" or \"podman login %s\""
            .formatted(
                host,
                Quote.of(reference.repository()),
                credentials.file(),
                reference.registry(),
                reference.registry()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String scheme(String host) {
    return isLoopback(host) ? "http://" : "https://";
  }

  /** Whether a host, perhaps with a port, is this one. */
  static boolean isLoopback(String authority) {
    return authority.matches("(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])(:\\d+)?");
  }

  /**
   * Proxies as the environment names them: {@code HTTPS_PROXY}, {@code ALL_PROXY}, {@code
   * NO_PROXY}.
   */
  static final class EnvironmentProxies extends ProxySelector {

    private static final int USUAL_PORT = 80;

    private final Map<String, String> environment;

    private EnvironmentProxies(Map<String, String> environment) {
      this.environment = environment;
    }

    /**
     * Those of an environment.
     *
     * @throws ImageException if a variable has something else than the address of a proxy
     */
    static EnvironmentProxies of(Map<String, String> environment) throws ImageException {
      EnvironmentProxies proxies = new EnvironmentProxies(environment);
      for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
        try {
          proxies.variable(name).ifPresent(EnvironmentProxies::proxy);
        } catch (IllegalArgumentException e) {
          throw new ImageException("the variable " + name + " has no address of a proxy", e);
        }
      }
      return proxies;
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
      if (uri.getHost() == null) {
        throw new IllegalArgumentException("no host in the address of the proxy");
      }
      int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
      return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(uri.getHost(), port));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {}
  }
}
