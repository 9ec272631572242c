package dev.topology.language.starter;

import java.util.Map;

/** The values of a shape's dimensions, given or usual. */
record Sizes(Shape shape, Map<String, Integer> given) {

  int get(String dimension) {
    return shape.dimensions().stream()
        .filter(it -> it.name().equals(dimension))
        .mapToInt(it -> given.getOrDefault(dimension, it.usual()))
        .findFirst()
        .orElseThrow();
  }
}
