package dev.topology.language.load;

import dev.topology.model.BitRate;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.PlacementRules;
import dev.topology.model.Share;
import dev.topology.model.Topology;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A model as text, one component a line, nested ones indented; empty ones are left out. */
final class ModelText {

  /** Records that are a single value to a reader. */
  private static final Set<Class<?>> SINGLE =
      Set.of(
          Memory.class,
          MacAddress.class,
          IpAddress.class,
          InterfaceAddress.class,
          Share.class,
          BitRate.class);

  private final StringBuilder text = new StringBuilder();

  private ModelText() {}

  static String of(Topology topology) {
    ModelText model = new ModelText();
    model.appendComponents(topology, 0);
    return model.text.toString();
  }

  private void appendComponents(Record value, int depth) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      append(component.getName(), componentOf(value, component), depth);
    }
  }

  private void append(String name, Object value, int depth) {
    if (value.equals(PlacementRules.NONE)) {
      return;
    }
    if (value instanceof Optional<?> optional) {
      optional.ifPresent(it -> append(name, it, depth));
    } else if (value instanceof OptionalInt optional) {
      optional.ifPresent(it -> append(name, it, depth));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, it) -> line(name, key + " " + it, depth));
    } else if (value instanceof List<?> list) {
      list.forEach(it -> append(name, it instanceof List<?> inner ? inner.toString() : it, depth));
    } else if (value instanceof Record nested && !SINGLE.contains(value.getClass())) {
      line(name, "", depth);
      appendComponents(nested, depth + 1);
    } else if (!value.toString().isEmpty()) {
      line(name, value.toString(), depth);
    }
  }

  private void line(String name, String value, int depth) {
    String line = ("  ".repeat(depth) + name + " " + value).stripTrailing();
    text.append(line).append('\n');
  }

  private static Object componentOf(Record value, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return Objects.requireNonNull(component.getAccessor().invoke(value));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
