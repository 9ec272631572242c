package dev.topology.language.containerlab;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node of the new file.
 *
 * @param name what it is called there
 * @param memory such as {@code 256MiB}
 * @param ports guest port to host port
 * @param files guest path to host path
 * @param routes destination to gateway
 * @param dependsOn names of nodes
 * @param script lines of its command
 */
record Guest(
    String name,
    Optional<String> memory,
    int cpus,
    boolean hasHostNetwork,
    boolean hasOutside,
    boolean forwards,
    Map<String, String> ports,
    Map<String, String> files,
    Map<String, String> routes,
    Set<String> dependsOn,
    List<String> script) {

  Guest {
    ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    routes = Collections.unmodifiableMap(new LinkedHashMap<>(routes));
    dependsOn = Collections.unmodifiableSet(dependsOn);
    script = List.copyOf(script);
  }
}
