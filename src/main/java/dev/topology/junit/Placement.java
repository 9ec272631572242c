package dev.topology.junit;

import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.run.HostPort;
import dev.topology.run.RunningTopology;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A parameter or field, as far as it says what it is to hold.
 *
 * @param type its declared type
 * @param element what carries its annotations
 */
record Placement(Class<?> type, AnnotatedElement element) {

  static Placement of(Parameter parameter) {
    return new Placement(parameter.getType(), parameter);
  }

  /** Whether this extension has something to say about it. */
  boolean isOurs() {
    return type == RunningTopology.class
        || type == TopologyStarter.class
        || AnnotationSupport.isAnnotated(element, HostPortOf.class);
  }

  /** Whether it is to hold something of a running topology. */
  boolean needsTopology() {
    return type != TopologyStarter.class;
  }

  /**
   * What it is to hold of a topology.
   *
   * @throws ExtensionConfigurationException if the topology has nothing of that name, or it is of a
   *     type that cannot hold it
   */
  Object valueOf(RunningTopology topology) {
    Optional<HostPortOf> port = AnnotationSupport.findAnnotation(element, HostPortOf.class);
    if (port.isPresent()) {
      require(type == int.class || type == Integer.class, "@HostPortOf", "int");
      return hostPort(topology, port.get());
    }
    require(type == RunningTopology.class, "a topology", "RunningTopology");
    return topology;
  }

  private void require(boolean fits, String what, String wanted) {
    if (!fits) {
      throw new ExtensionConfigurationException(
          what + " needs the type " + wanted + ", and not " + type.getName());
    }
  }

  private static int hostPort(RunningTopology running, HostPortOf wanted) {
    Topology topology = running.topology();
    if (topology.node(wanted.node()).isEmpty()) {
      throw new ExtensionConfigurationException(
          "\"%s\" has no node \"%s\"; its nodes are %s"
              .formatted(topology.name(), wanted.node(), names(topology)));
    }
    String protocol = wanted.udp() ? "udp" : "tcp";
    List<HostPort> ports =
        running.hostPorts().join().stream()
            .filter(port -> port.node().equals(wanted.node()))
            .toList();
    return ports.stream()
        .filter(port -> port.guestPort() == wanted.port() && protocolOf(port).equals(protocol))
        .findFirst()
        .map(HostPort::hostPort)
        .orElseThrow(() -> noSuchPort(wanted, protocol, ports));
  }

  private static ExtensionConfigurationException noSuchPort(
      HostPortOf wanted, String protocol, List<HostPort> ports) {
    String known =
        ports.stream()
            .map(port -> port.guestPort() + "/" + protocolOf(port))
            .collect(Collectors.joining(", "));
    return new ExtensionConfigurationException(
        "no host port leads to port %d/%s of node \"%s\"; %s"
            .formatted(
                wanted.port(),
                protocol,
                wanted.node(),
                known.isEmpty() ? "the node has no \"ports\"" : "its \"ports\" are " + known));
  }

  private static String protocolOf(HostPort port) {
    return port.protocol().name().toLowerCase(Locale.ROOT);
  }

  private static String names(Topology topology) {
    return topology.nodes().stream().map(Node::name).collect(Collectors.joining(", "));
  }
}
