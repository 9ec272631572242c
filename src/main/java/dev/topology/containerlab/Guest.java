package dev.topology.containerlab;

import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node as it is put together. Used by one thread. */
final class Guest {

  final String name;
  final boolean isLinux;
  boolean hostNetwork = true;
  boolean forward;
  @Nullable String memory;
  int cpus = 1;
  final Map<String, String> ports = new LinkedHashMap<>();
  final Map<String, String> files = new LinkedHashMap<>();
  final Map<String, String> routes = new LinkedHashMap<>();
  final Set<String> dependsOn = new LinkedHashSet<>();
  final List<String> script = new ArrayList<>();

  /** Addresses by interface. */
  final Map<String, List<InterfaceAddress>> addresses = new LinkedHashMap<>();

  /** Interfaces that cables are plugged into. */
  final Set<String> interfaces = new LinkedHashSet<>();

  Guest(String name, boolean isLinux) {
    this.name = name;
    this.isLinux = isLinux;
  }

  void address(String interfaceName, InterfaceAddress address) {
    List<InterfaceAddress> all = addresses.computeIfAbsent(interfaceName, it -> new ArrayList<>());
    if (!all.contains(address)) {
      all.add(address);
    }
  }

  boolean reaches(IpAddress gateway) {
    return addresses.values().stream().flatMap(List::stream).anyMatch(it -> it.covers(gateway));
  }
}
