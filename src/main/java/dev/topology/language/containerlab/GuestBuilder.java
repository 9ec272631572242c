package dev.topology.language.containerlab;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts a guest together: first its keys, then its cables, then its commands. */
final class GuestBuilder {

  private final String name;
  private final boolean isLinux;
  private final Map<String, String> ports = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, Share> shares = new LinkedHashMap<>();
  private final Map<String, String> routes = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> sysctls = new LinkedHashMap<>();
  private final Set<String> dependsOn = new LinkedHashSet<>();
  private final List<String> script = new ArrayList<>();
  private final Map<String, List<InterfaceAddress>> addresses = new LinkedHashMap<>();
  private final Set<String> interfaces = new LinkedHashSet<>();
  private Optional<String> image = Optional.empty();
  private Optional<String> memory = Optional.empty();
  private List<String> arguments = List.of();
  private Optional<Boolean> forwards = Optional.empty();
  private boolean hasHostNetwork = true;
  private boolean hasOutside;
  private int cpus = 1;

  GuestBuilder(String name, boolean isLinux) {
    this.name = name;
    this.isLinux = isLinux;
  }

  String name() {
    return name;
  }

  boolean isLinux() {
    return isLinux;
  }

  boolean hasHostNetwork() {
    return hasHostNetwork;
  }

  void switchHostNetworkOff() {
    hasHostNetwork = false;
  }

  /** Opens the host network, without which no answer leaves a UDP port. */
  void openHostNetwork() {
    hasOutside = true;
  }

  void image(String reference) {
    image = Optional.of(reference);
  }

  boolean isContainer() {
    return image.isPresent();
  }

  void memory(String size) {
    memory = Optional.of(size);
  }

  void cpus(int number) {
    cpus = number;
  }

  void forward(boolean forward) {
    forwards = Optional.of(forward);
  }

  /** Whether it has several interfaces, and the file does not say whether it forwards packets. */
  boolean mayForward() {
    return forwards.isEmpty() && interfaces.size() > 1;
  }

  void port(String guestPort, String hostPort) {
    ports.put(guestPort, hostPort);
  }

  void file(String guestPath, String hostPath) {
    files.put(guestPath, hostPath);
  }

  void share(String guestPath, String hostPath, boolean writable) {
    shares.put(guestPath, new Share(hostPath, writable));
  }

  void route(String destination, String gateway) {
    routes.put(destination, gateway);
  }

  void variable(String name, String value) {
    environment.put(name, value);
  }

  void sysctl(String name, String value) {
    sysctls.put(name, value);
  }

  void dependOn(GuestBuilder other) {
    dependsOn.add(other.name);
  }

  void run(String line) {
    script.add(line);
  }

  /** Has it run a program, in place of a script. */
  void run(List<String> program) {
    arguments = List.copyOf(program);
  }

  /** Plugs a cable in; false if there is one in that interface already. */
  boolean plug(String interfaceName) {
    return interfaces.add(interfaceName);
  }

  boolean hasCableAt(String interfaceName) {
    return interfaces.contains(interfaceName);
  }

  void address(String interfaceName, InterfaceAddress address) {
    List<InterfaceAddress> all = addresses.computeIfAbsent(interfaceName, it -> new ArrayList<>());
    if (!all.contains(address)) {
      all.add(address);
    }
  }

  List<InterfaceAddress> addressesOf(String interfaceName) {
    return List.copyOf(addresses.getOrDefault(interfaceName, List.of()));
  }

  boolean reaches(IpAddress gateway) {
    return addresses.values().stream().flatMap(List::stream).anyMatch(it -> it.covers(gateway));
  }

  /** Takes a key back, or one of its entries, which turned out not to fit. */
  void leaveOut(String key, String entry) {
    switch (key) {
      case "image" -> image = Optional.empty();
      case "memory" -> memory = Optional.empty();
      case "cpus" -> cpus = 1;
      case "forward" -> forwards = Optional.of(false);
      case "ports" -> ports.remove(entry);
      case "files" -> files.remove(entry);
      case "shares" -> shares.remove(entry);
      case "routes" -> routes.remove(entry);
      case "env" -> environment.remove(entry);
      case "sysctls" -> sysctls.remove(entry);
      case "depends_on" -> dependsOn.clear();
      case "command" -> {
        script.clear();
        arguments = List.of();
      }
      default -> throw new IllegalArgumentException(key);
    }
  }

  Guest build() {
    return new Guest(
        name,
        image,
        memory,
        cpus,
        hasHostNetwork,
        hasOutside,
        forwards.orElse(false),
        ports,
        files,
        shares,
        routes,
        environment,
        sysctls,
        dependsOn,
        script,
        arguments);
  }

  /** A directory of the host that a node has live. */
  record Share(String hostPath, boolean writable) {}

  /**
   * A node of the new file.
   *
   * @param name what it is called there
   * @param image a container image's name; the built-in image if empty
   * @param memory such as {@code 256MiB}
   * @param ports guest port to host port
   * @param files guest path to host path
   * @param shares guest path to directory of the host
   * @param routes destination to gateway
   * @param dependsOn names of nodes
   * @param script lines of its command
   * @param arguments its command, where that is a program and its arguments
   */
  record Guest(
      String name,
      Optional<String> image,
      Optional<String> memory,
      int cpus,
      boolean hasHostNetwork,
      boolean hasOutside,
      boolean forwards,
      Map<String, String> ports,
      Map<String, String> files,
      Map<String, Share> shares,
      Map<String, String> routes,
      Map<String, String> environment,
      Map<String, String> sysctls,
      Set<String> dependsOn,
      List<String> script,
      List<String> arguments) {

    Guest {
      ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
      files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
      routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
      environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
      sysctls = Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
      dependsOn = Collections.unmodifiableSet(dependsOn);
      script = List.copyOf(script);
      arguments = List.copyOf(arguments);
    }
  }
}
