package dev.topology.junit;

import dev.topology.model.Topology;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Finds and calls a static method that builds a topology. */
final class FactoryMethod {

  private FactoryMethod() {}

  /**
   * Finds one by its name in a class or those around it, or by {@code CLASS#NAME}.
   *
   * @throws ExtensionConfigurationException if there is none, or it is not of the right form
   */
  static Method find(String name, Class<?> testClass) {
    int hash = name.indexOf('#');
    Class<?> start = hash < 0 ? testClass : load(name.substring(0, hash), testClass);
    String simpleName = name.substring(hash + 1);
    return around(start)
        .map(type -> ReflectionSupport.findMethod(type, simpleName))
        .flatMap(Optional::stream)
        .findFirst()
        .map(FactoryMethod::checked)
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
                new ExtensionConfigurationException("there is no class \"" + name + "\"", problem));
  }

  private static Method checked(Method method) {
    if (!ModifierSupport.isStatic(method)
        || !Topology.class.isAssignableFrom(method.getReturnType())) {
      throw new ExtensionConfigurationException(
          method + " must be static and return a " + Topology.class.getName());
    }
    return method;
  }

  /** Calls it; what it throws comes out as it is. */
  static Topology call(Method method) {
    Object topology = ReflectionSupport.invokeMethod(method, null);
    if (topology == null) {
      throw new ExtensionConfigurationException(method + " returned null, and not a topology");
    }
    return (Topology) topology;
  }
}
