package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.ControlException.ErrorId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records as JSON objects: each component is a field of its name, in their order. A component is a
 * text, number, boolean, time, path, constant, record, or a list or an {@code Optional} of these.
 * An empty {@code Optional} is left out; a constant is in lower case with hyphens.
 *
 * <p>Jackson's own binding does the same, but takes 50 ms to start, which every {@code topology
 * exec} would pay.
 */
final class RecordJson {

  /** The largest number that a request may hold, as of a terminal's size. */
  private static final int LARGEST = 0xFFFF;

  private static final Pattern UTC =
      Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,9}))?Z");

  /** Fields that belong to the line, not to the record in it. */
  private static final Set<String> OF_THE_LINE = Set.of("id", "do");

  private final boolean strict;

  private RecordJson(boolean strict) {
    this.strict = strict;
  }

  static ObjectNode write(Record record) {
    return write(record, JsonNodeFactory.instance.objectNode());
  }

  /** Adds the fields of a record to an object. */
  static ObjectNode write(Record record, ObjectNode json) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = value(record, component);
      if (value instanceof Optional<?> optional) {
        optional.ifPresent(it -> json.set(component.getName(), node(it)));
      } else {
        json.set(component.getName(), node(value));
      }
    }
    return json;
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode node(Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value instanceof Record record) {
      return write(record);
    }
    if (value instanceof List<?> list) {
      ArrayNode array = nodes.arrayNode();
      list.forEach(it -> array.add(node(it)));
      return array;
    }
    if (value instanceof Integer number) {
      return nodes.numberNode(number);
    }
    if (value instanceof Long number) {
      return nodes.numberNode(number);
    }
    if (value instanceof Boolean flag) {
      return nodes.booleanNode(flag);
    }
    return nodes.textNode(value instanceof Enum<?> constant ? word(constant) : value.toString());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads what a server says. A field that is missing is empty, 0 or false; others are ignored, as
   * a newer server may send them.
   *
   * @throws ControlException if a time, a path or a constant cannot be read
   */
  static <R extends Record> R read(Class<R> type, JsonNode json) throws ControlException {
    return new RecordJson(/* strict= */ false).record(type, json);
  }

  /**
   * Reads what a client asks for: a text or number must be there, each number is from 1 to 65535,
   * and no other field may be there.
   *
   * @throws ControlException otherwise, with {@link ErrorId#BAD_FIELD}
   */
  static <R extends Record> R readStrictly(Class<R> type, ObjectNode json) throws ControlException {
    R record = new RecordJson(/* strict= */ true).record(type, json);
    Set<String> known = new HashSet<>(OF_THE_LINE);
    for (RecordComponent component : type.getRecordComponents()) {
      known.add(component.getName());
    }
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        throw bad("there is no field \"" + JsonLines.shortened(name) + "\" in this request");
      }
    }
    return record;
  }

  private <R extends Record> R record(Class<R> type, JsonNode json) throws ControlException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      types[i] = components[i].getType();
      values[i] = read(components[i].getGenericType(), name, json.path(name));
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException unfit) {
        throw bad(String.valueOf(unfit.getMessage()));
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object read(Type type, String name, JsonNode json) throws ControlException {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == List.class) {
        return list(element, name, json);
      }
      return json.isMissingNode() || json.isNull()
          ? Optional.empty()
          : Optional.of(read(element, name, json));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) {
      require(json.isTextual(), name, "a text");
      return json.asText();
    }
    if (plain == int.class || plain == Integer.class) {
      boolean fits = json.isInt() && json.intValue() > 0 && json.intValue() <= LARGEST;
      require(fits, name, "a whole number from 1 to " + LARGEST);
      return json.asInt();
    }
    if (plain == boolean.class || plain == Boolean.class) {
      require(json.isMissingNode() || json.isBoolean(), name, "true or false");
      return json.asBoolean();
    }
    if (plain == long.class || plain == Long.class) {
      return json.asLong();
    }
    return plain.isRecord() ? record(plain.asSubclass(Record.class), json) : parsed(plain, json);
  }

  private List<Object> list(Type element, String name, JsonNode json) throws ControlException {
    require(json.isMissingNode() || json.isArray(), name, "a list of texts");
    List<Object> list = new ArrayList<>();
    for (JsonNode each : json) {
      require(each.isTextual(), name, "a list of texts");
      list.add(read(element, name, each));
    }
    return List.copyOf(list);
  }

  private static Object parsed(Class<?> type, JsonNode json) throws ControlException {
    String text = json.asText();
    try {
      if (type == Instant.class) {
        return instant(text);
      }
      if (type == Path.class) {
        return Path.of(text);
      }
      for (Object constant : type.getEnumConstants()) {
        if (word((Enum<?>) constant).equals(text)) {
          return constant;
        }
      }
    } catch (DateTimeException | InvalidPathException e) {
      throw new ControlException(ErrorId.MALFORMED, unknown(type, text), "", e);
    }
    throw new ControlException(ErrorId.MALFORMED, unknown(type, text), "");
  }

  /** Not by a formatter of Java, which takes 4 ms to load, where it is written as we do. */
  private static Instant instant(String text) {
    Matcher utc = UTC.matcher(text);
    if (!utc.matches()) {
      return Instant.parse(text);
    }
    int[] parts = new int[6];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Integer.parseInt(utc.group(i + 1));
    }
    String fraction = utc.group(7) == null ? "" : utc.group(7);
    return LocalDateTime.of(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
        .plusNanos(Integer.parseInt((fraction + "000000000").substring(0, 9)))
        .toInstant(ZoneOffset.UTC);
  }

  private static String unknown(Class<?> type, String text) {
    String name = type.getSimpleName().toLowerCase(Locale.ROOT);
    return "not of the type " + name + ": " + JsonLines.shortened(text);
  }

  private void require(boolean condition, String name, String what) throws ControlException {
    if (strict && !condition) {
      throw bad("\"" + name + "\" has to be " + what);
    }
  }

  private static ControlException bad(String message) {
    return new ControlException(ErrorId.BAD_FIELD, message, "");
  }
}
