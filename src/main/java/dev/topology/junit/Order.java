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
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * Which topology a test asks for. Tests that share instances share one for equal orders.
 *
 * @param source where the topology comes from
 * @param environment variables that go before those of the process
 * @param name tells orders apart that are equal in all else
 * @param images guest images that have to be there
 * @param kernelLogApart whether kernel logs are to be kept off the consoles
 */
record Order(
    Source source,
    Map<String, String> environment,
    String name,
    List<ImageRecipe> images,
    boolean kernelLogApart) {

  Order {
    environment = Map.copyOf(environment);
    images = List.copyOf(images);
  }

  static Order of(Source source, String... assignments) {
    return new Order(source, parsed(assignments), "", List.of(), false);
  }

  static Order of(Source source, WithTopology wanted) {
    return new Order(
        source,
        parsed(wanted.environment()),
        wanted.name(),
        Arrays.stream(wanted.images()).map(Order::recipe).toList(),
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
     * @throws dev.topology.language.load.InvalidTopologyException with everything that is wrong
     *     with it
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
    @Override
    public Topology load(TopologyLoader loader, Map<String, String> environment) {
      return FactoryMethod.call(method);
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
