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
import java.util.OptionalLong;
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
  private final List<Program> exec = new ArrayList<>();
  private final Map<String, List<InterfaceAddress>> addresses = new LinkedHashMap<>();
  private final Set<String> interfaces = new LinkedHashSet<>();
  private Optional<String> image = Optional.empty();
  private Optional<String> memory = Optional.empty();
  private Optional<Program> command = Optional.empty();
  private Optional<Health> health = Optional.empty();
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

  boolean hasOutside() {
    return hasOutside;
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

  /** Has it run a program once before it is ready, after those before. */
  void exec(Program program) {
    exec.add(program);
  }

  /** What it runs; its end is that of the node. */
  void run(Program program) {
    command = Optional.of(program);
  }

  void health(Health check) {
    health = Optional.of(check);
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
      case "exec" -> exec.remove(Integer.parseInt(entry));
      case "ready" -> health = Optional.empty();
      case "command" -> command = Optional.empty();
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
        exec,
        health,
        command);
  }

  /**
   * A program with its arguments, or a script for a shell, which is then the only part.
   *
   * @param parts at least one
   */
  record Program(List<String> parts, boolean isScript) {

    Program {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A command that succeeds once a node is healthy.
   *
   * @param seconds how long that may take, if it may take longer than usual
   */
  record Health(Program check, OptionalLong seconds) {}

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
   * @param exec what is run before it is ready, in order
   * @param health what makes it ready
   * @param command what it runs
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
      List<Program> exec,
      Optional<Health> health,
      Optional<Program> command) {

    Guest {
      ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
      files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
      routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
      environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
      sysctls = Collections.unmodifiableMap(new LinkedHashMap<>(sysctls));
      dependsOn = Collections.unmodifiableSet(dependsOn);
      exec = List.copyOf(exec);
    }
  }
}
