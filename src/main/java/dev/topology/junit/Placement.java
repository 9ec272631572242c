package dev.topology.junit;

import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.node.HostPort;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * A parameter or field, and what its type and annotations ask for.
 *
 * @param type its declared type
 * @param element what carries its annotations
 */
record Placement(Class<?> type, AnnotatedElement element) {

  static Placement of(Parameter parameter) {
    return new Placement(parameter.getType(), parameter);
  }

  /** Annotations each of which says what a field is to hold. */
  private static final List<Class<? extends Annotation>> OF_FIELDS =
      List.of(Injected.class, NodeNamed.class, CableNamed.class, HostPortOf.class);

  /** Whether a field is to be filled. Its type alone does not say so: a test may do that itself. */
  static boolean isOurs(Field field) {
    return OF_FIELDS.stream().anyMatch(it -> AnnotationSupport.isAnnotated(field, it));
  }

  /** Whether this extension supplies a parameter. */
  boolean isOurs() {
    return type == RunningTopology.class
        || type == RunningNode.class
        || type == RunningCable.class
        || type == TopologyStarter.class
        || AnnotationSupport.isAnnotated(element, NodeNamed.class)
        || AnnotationSupport.isAnnotated(element, CableNamed.class)
        || AnnotationSupport.isAnnotated(element, HostPortOf.class);
  }

  /** Whether it asks for something of a running topology. */
  boolean needsTopology() {
    return type != TopologyStarter.class;
  }

  /**
   * What it is to hold of a topology. Waits, where that is a host port, until the QEMUs are up.
   *
   * @throws ExtensionConfigurationException if its type and annotations do not go together
   * @throws dev.topology.run.UnknownNameException if the topology has nothing of that name
   */
  Object valueOf(RunningTopology topology) throws InterruptedException {
    if (type == RunningNode.class) {
      return topology.node(annotation(NodeNamed.class).value());
    }
    if (type == RunningCable.class) {
      return topology.cable(annotation(CableNamed.class).value());
    }
    if (type == RunningTopology.class) {
      return topology;
    }
    HostPortOf port =
        AnnotationSupport.findAnnotation(element, HostPortOf.class).orElseThrow(this::wrongType);
    if (type != int.class && type != Integer.class) {
      throw wrongType();
    }
    return hostPort(topology.node(port.node()), port);
  }

  private ExtensionConfigurationException wrongType() {
    String wanted =
        AnnotationSupport.isAnnotated(element, NodeNamed.class)
            ? "@NodeNamed needs the type RunningNode"
            : AnnotationSupport.isAnnotated(element, CableNamed.class)
                ? "@CableNamed needs the type RunningCable"
                : AnnotationSupport.isAnnotated(element, HostPortOf.class)
                    ? "@HostPortOf needs the type int"
                    : "@Injected needs the type RunningTopology or TopologyStarter, or another"
                        + " annotation that says what to hold";
    return new ExtensionConfigurationException(wanted + ", and not " + type.getName());
  }

  private <A extends Annotation> A annotation(Class<A> wanted) {
    return AnnotationSupport.findAnnotation(element, wanted)
        .orElseThrow(
            () ->
                new ExtensionConfigurationException(
                    "a %s needs @%s to say which"
                        .formatted(type.getSimpleName(), wanted.getSimpleName())));
  }

  private static int hostPort(RunningNode node, HostPortOf wanted) throws InterruptedException {
    List<HostPort> ports = node.hostPorts();
    String label = wanted.port() + (wanted.udp() ? "/udp" : "/tcp");
    return ports.stream()
        .filter(port -> label(port).equals(label))
        .findFirst()
        .map(HostPort::hostPort)
        .orElseThrow(() -> noSuchPort(wanted, label, ports));
  }

  private static ExtensionConfigurationException noSuchPort(
      HostPortOf wanted, String label, List<HostPort> ports) {
    String known = ports.stream().map(Placement::label).collect(Collectors.joining(", "));
    return new ExtensionConfigurationException(
        "no host port leads to port %s of node \"%s\"; %s"
            .formatted(
                label,
                wanted.node(),
                known.isEmpty() ? "the node has no \"ports\"" : "its \"ports\" are " + known));
  }

  private static String label(HostPort port) {
    return port.guestPort() + "/" + port.protocol().name().toLowerCase(Locale.ROOT);
  }
}
