package dev.topology.junit;

import dev.topology.image.ImageRecipe;
import dev.topology.language.load.TopologyLoader;
import dev.topology.model.Topology;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Which topology a test asks for. Tests that share an instance share one for equal specifications.
 *
 * @param source where the topology comes from
 * @param environment variables that override those of the process
 * @param name distinguishes specifications that are equal otherwise
 * @param images guest images that are built if they are missing
 * @param kernelLogApart whether kernel logs are to be kept off the consoles
 */
record TopologySpec(
    Source source,
    Map<String, String> environment,
    String name,
    List<ImageRecipe> images,
    boolean kernelLogApart) {

  TopologySpec {
    environment = Map.copyOf(environment);
    images = List.copyOf(images);
  }

  static TopologySpec of(Source source, String... assignments) {
    return new TopologySpec(source, parsed(assignments), "", List.of(), false);
  }

  static TopologySpec of(Source source, WithTopology wanted) {
    return new TopologySpec(
        source,
        parsed(wanted.environment()),
        wanted.name(),
        Arrays.stream(wanted.images()).map(TopologySpec::recipe).toList(),
        wanted.kernelLogApart());
  }

  private static ImageRecipe recipe(GuestImage image) {
    try {
      return new ImageRecipe(image.name(), List.of(image.packages()));
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException("in @GuestImage: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> parsed(String[] assignments) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new ExtensionConfigurationException(
            "not of the form NAME=VALUE in environment: \"" + assignment + "\"");
      }
      environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    return environment;
  }

  /** Where a topology comes from. */
  sealed interface Source {

    /**
     * The topology.
     *
     * @throws dev.topology.language.load.LoadResult.InvalidTopologyException with everything that
     *     is wrong with it
     */
    Topology load(TopologyLoader loader, Map<String, String> environment);
  }

  /** A file on disk. */
  record InFile(Path path) implements Source {
    @Override
    public Topology load(TopologyLoader loader, Map<String, String> environment) {
      return loader.loadOrThrow(path, environment);
    }
  }

  /** What a static method returns. */
  record BuiltBy(Method method) implements Source {

    /**
     * The method of that name in a class or those around it, or {@code CLASS#NAME}.
     *
     * @throws ExtensionConfigurationException if there is none, or it is not of the right form
     */
    static BuiltBy named(String name, Class<?> testClass) {
      int hash = name.indexOf('#');
      Class<?> start = hash < 0 ? testClass : load(name.substring(0, hash), testClass);
      String simpleName = name.substring(hash + 1);
      return around(start)
          .map(type -> ReflectionSupport.findMethod(type, simpleName))
          .flatMap(Optional::stream)
          .findFirst()
          .map(BuiltBy::checked)
          .orElseThrow(
              () ->
                  new ExtensionConfigurationException(
                      "there is no method \"" + simpleName + "()\" in " + start.getName()));
    }

    private static Stream<Class<?>> around(Class<?> type) {
      return Stream.iterate(type, Objects::nonNull, Class::getEnclosingClass);
    }

    private static Class<?> load(String name, Class<?> testClass) {
      return ReflectionSupport.tryToLoadClass(name, testClass.getClassLoader())
          .getOrThrow(
              problem ->
                  new ExtensionConfigurationException(
                      "there is no class \"" + name + "\"", problem));
    }

    private static BuiltBy checked(Method method) {
      if (!ModifierSupport.isStatic(method)
          || !Topology.class.isAssignableFrom(method.getReturnType())) {
        throw new ExtensionConfigurationException(
            method + " must be static and return a " + Topology.class.getName());
      }
      return new BuiltBy(method);
    }

    /** Calls it; what it throws comes out as it is. */
    @Override
    public Topology load(TopologyLoader loader, Map<String, String> environment) {
      Object topology = ReflectionSupport.invokeMethod(method, null);
      if (topology == null) {
        throw new ExtensionConfigurationException(method + " returned null, and not a topology");
      }
      return (Topology) topology;
    }
  }

  /** A topology as an object. */
  record Given(Topology topology) implements Source {
    @Override
    public Topology load(TopologyLoader loader, Map<String, String> environment) {
      return topology;
    }
  }
}
