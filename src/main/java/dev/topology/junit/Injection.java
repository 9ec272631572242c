package dev.topology.junit;

import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.UnknownNameException;
import dev.topology.run.node.HostPort;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Fills the parameters and fields of a test with what runs in its scope. */
final class Injection {

  private final TestScope scope;
  private final ExtensionContext context;
  private final Predicate<Target> isWanted;

  Injection(TestScope scope, ExtensionContext context) {
    this(scope, context, target -> true);
  }

  private Injection(TestScope scope, ExtensionContext context, Predicate<Target> isWanted) {
    this.scope = scope;
    this.context = context;
    this.isWanted = isWanted;
  }

  /** The same, but leaves out what needs a topology where there is none yet. */
  Injection whereThereIsATopology() {
    return new Injection(
        scope, context, target -> !target.needsTopology() || scope.topology().isPresent());
  }

  /** Whether this extension supplies a parameter. */
  static boolean isFor(Parameter parameter) {
    return Target.of(parameter).isOurs();
  }

  /**
   * The value of a parameter.
   *
   * @throws ExtensionConfigurationException if there is nothing of the kind
   */
  Object valueFor(Parameter parameter) throws InterruptedException {
    return valueFor(Target.of(parameter));
  }

  /**
   * What a parameter or field is to hold.
   *
   * @throws ExtensionConfigurationException if there is nothing of the kind
   */
  private Object valueFor(Target target) throws InterruptedException {
    if (!target.needsTopology()) {
      TestRun testRun = TestRun.of(context);
      return new TopologyStarter(
          scope, testRun.files(), context.getRequiredTestClass().getClassLoader());
    }
    return target.valueOf(
        scope
            .topology()
            .orElseThrow(
                () ->
                    new ExtensionConfigurationException(
                        "no topology was started here: put @WithTopology on the class or method")));
  }

  void toStaticFields(Class<?> testClass) throws InterruptedException {
    fill(testClass, null, ModifierSupport::isStatic);
  }

  void toFields(Object testInstance) throws InterruptedException {
    fill(testInstance.getClass(), testInstance, ModifierSupport::isNotStatic);
  }

  private void fill(Class<?> type, @Nullable Object owner, Predicate<Field> which)
      throws InterruptedException {
    for (Field field :
        ReflectionSupport.findFields(
            type, which.and(Target::isOurs), HierarchyTraversalMode.TOP_DOWN)) {
      fill(field, owner);
    }
  }

  private void fill(Field field, @Nullable Object owner) throws InterruptedException {
    Target target = new Target(field.getType(), field);
    if (!isWanted.test(target)) {
      return;
    }
    if (ModifierSupport.isFinal(field)) {
      throw new ExtensionConfigurationException("a final field cannot be filled: " + field);
    }
    try {
      field.setAccessible(true);
      field.set(owner, valueFor(target));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot fill " + field, e);
    } catch (ExtensionConfigurationException | UnknownNameException e) {
      throw new ExtensionConfigurationException("cannot fill " + field + ": " + e.getMessage(), e);
    }
  }

  /**
   * A parameter or field, and what its type and annotations ask for.
   *
   * @param type its declared type
   * @param element what carries its annotations
   */
  private record Target(Class<?> type, AnnotatedElement element) {

    /** The annotations of fields that are to be filled. */
    private static final List<Class<? extends Annotation>> OF_FIELDS =
        List.of(Injected.class, NodeNamed.class, CableNamed.class, HostPortOf.class);

    static Target of(Parameter parameter) {
      return new Target(parameter.getType(), parameter);
    }

    /**
     * Whether a field is to be filled. Its type alone does not say so: a test may do that itself.
     */
    static boolean isOurs(Field field) {
      return OF_FIELDS.stream().anyMatch(it -> AnnotationSupport.isAnnotated(field, it));
    }

    /** Whether this extension supplies it, as a parameter. */
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
      String known = ports.stream().map(Target::label).collect(Collectors.joining(", "));
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
}
