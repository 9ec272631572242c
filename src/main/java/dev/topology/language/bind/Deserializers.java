package dev.topology.language.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.Key;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.NodeDocument.MapKey;
import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Parsed;
import dev.topology.language.value.ValueType;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jackson's deserializers for the document records, made from the table of keys, so that no class
 * is introspected.
 *
 * <p>None of them fails: what is wrong goes to the {@link BindingMistakes} of the binding, and
 * there is null in its place. So one pass finds all mistakes.
 */
final class Deserializers {

  private static final Map<Class<?>, JsonDeserializer<?>> RECORDS = new ConcurrentHashMap<>();

  private Deserializers() {}

  /** The deserializer of a record. Each is made once. */
  @SuppressWarnings("unchecked")
  static <T extends Record> JsonDeserializer<T> of(Class<T> record) {
    return (JsonDeserializer<T>) RECORDS.computeIfAbsent(record, it -> new OfRecord<>(record));
  }

  /** Reads the parser's current value; null if that is wrong or absent. */
  @FunctionalInterface
  private interface Reader {
    @Nullable Object read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException;
  }

  /** A deserializer that only calls a reader. */
  private static final class Reading extends JsonDeserializer<Object> {

    private final Reader reader;

    Reading(Reader reader) {
      this.reader = reader;
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.VALUE_NULL)
          ? null
          : reader.read(parser, context, BindingMistakes.of(parser));
    }
  }

  /** The deserializer of a key's values. */
  private static JsonDeserializer<?> of(DocumentKey key) {
    Type type = key.component().getGenericType();
    Key about = key.about();
    if (!(type instanceof ParameterizedType generic)) {
      return single((Class<?>) type, about.type());
    }
    Type[] inside = generic.getActualTypeArguments();
    Type last = inside[inside.length - 1];
    Class<?> inner = raw(last);
    JsonDeserializer<?> item = item(last, about);
    if (generic.getRawType() == Map.class) {
      boolean keepsText = raw(inside[0]) == MapKey.class;
      boolean ofMaps = isDocument(inner, about.type());
      return new Reading((p, c, m) -> map(p, c, m, about.keys(), keepsText, ofMaps, item));
    }
    return about.single()
        ? new Reading((p, c, m) -> listOrOne(p, c, m, item))
        : new Reading((p, c, m) -> list(p, c, m, item));
  }

  /** What is in a list or map: one value, or a list of them. */
  private static JsonDeserializer<?> item(Type type, Key about) {
    if (raw(type) != List.class) {
      return single(raw(type), about.type());
    }
    JsonDeserializer<?> inner = item(((ParameterizedType) type).getActualTypeArguments()[0], about);
    return new Reading((p, c, m) -> list(p, c, m, inner));
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }

  private static JsonDeserializer<?> single(Class<?> type, ValueType text) {
    if (type == Integer.class) {
      return new Reading(Deserializers::integer);
    }
    if (type == Boolean.class) {
      return new Reading(Deserializers::truth);
    }
    if (type.isEnum()) {
      return new Reading((p, c, m) -> word(p, m, type));
    }
    if (type == CommandDocument.class) {
      return new Reading(Deserializers::command);
    }
    if (type == HostNetworkDocument.class) {
      return new Reading(Deserializers::hostNetwork);
    }
    if (type == SharedDirectoryDocument.class) {
      return pathOr(type, path -> new SharedDirectoryDocument(path, null));
    }
    if (type == DiskDocument.class) {
      return pathOr(type, DiskDocument::of);
    }
    return isDocument(type, text)
        ? of(type.asSubclass(Record.class))
        : new Reading((p, c, m) -> text(p, m, text));
  }

  private static boolean isDocument(Class<?> type, ValueType text) {
    return type.isRecord() && !text.type().equals(type);
  }

  /** Reports a value of the wrong type and passes over it. */
  private static @Nullable Object refuse(
      JsonParser parser, Class<?> wanted, BindingMistakes mistakes) throws IOException {
    mistakes.wrongType(TreePath.of(parser), wanted);
    parser.skipChildren();
    return null;
  }

  /** A record: each key by the deserializer of its type. */
  private static final class OfRecord<T extends Record> extends JsonDeserializer<T> {

    private final Class<T> record;
    private final Map<String, JsonDeserializer<?>> deserializers = new ConcurrentHashMap<>();

    OfRecord(Class<T> record) {
      this.record = record;
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      BindingMistakes mistakes = BindingMistakes.of(parser);
      if (parser.hasToken(JsonToken.VALUE_NULL)) {
        return null;
      }
      if (!parser.hasToken(JsonToken.START_OBJECT)) {
        refuse(parser, record, mistakes);
        return null;
      }
      DocumentType<T> type = DocumentType.of(record);
      List<@Nullable Object> values =
          new ArrayList<>(Collections.nCopies(type.keys().size(), null));
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int index = type.indexOf(parser.currentName());
        parser.nextToken();
        if (index < 0) {
          mistakes.unknownKey(TreePath.of(parser), record);
          parser.skipChildren();
        } else {
          DocumentKey key = type.keys().get(index);
          values.set(
              index,
              deserializers
                  .computeIfAbsent(key.name(), it -> of(key))
                  .deserialize(parser, context));
        }
      }
      mistakes.consider(type, values);
      return type.create(values);
    }
  }

  private static @Nullable Object list(
      JsonParser parser,
      DeserializationContext context,
      BindingMistakes mistakes,
      JsonDeserializer<?> item)
      throws IOException {
    if (!parser.hasToken(JsonToken.START_ARRAY)) {
      return refuse(parser, List.class, mistakes);
    }
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(item.deserialize(parser, context));
    }
    return items;
  }

  /** A list, or a single item in place of a list of one. */
  private static @Nullable Object listOrOne(
      JsonParser parser,
      DeserializationContext context,
      BindingMistakes mistakes,
      JsonDeserializer<?> item)
      throws IOException {
    if (parser.hasToken(JsonToken.START_ARRAY)) {
      return list(parser, context, mistakes, item);
    }
    Object only = item.deserialize(parser, context);
    return only == null ? null : List.of(only);
  }

  /**
   * A map of texts, or of documents: where those are bound elsewhere, their values are null here.
   */
  private static @Nullable Object map(
      JsonParser parser,
      DeserializationContext context,
      BindingMistakes mistakes,
      ValueType keys,
      boolean keepsText,
      boolean ofMaps,
      JsonDeserializer<?> item)
      throws IOException {
    if (!parser.hasToken(JsonToken.START_OBJECT)) {
      return refuse(parser, Map.class, mistakes);
    }
    Map<Object, @Nullable Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String text = parser.currentName();
      boolean isAbsent = parser.nextToken() == JsonToken.VALUE_NULL;
      // If the value has the wrong type, only that is reported.
      Object key =
          parser.currentToken().isStructStart() && !ofMaps
              ? null
              : parsed(text, keys, parser, true, mistakes);
      Object value = item.deserialize(parser, context);
      if (key != null && (value != null || isAbsent)) {
        map.put(keepsText ? new MapKey<>(text, key) : text, value);
      }
    }
    return map;
  }

  /** A number or truth value reads the same as text. */
  private static @Nullable Object text(JsonParser parser, BindingMistakes mistakes, ValueType type)
      throws IOException {
    return parser.currentToken().isScalarValue()
        ? parsed(parser.getText(), type, parser, false, mistakes)
        : refuse(parser, String.class, mistakes);
  }

  private static @Nullable Object parsed(
      String text, ValueType type, JsonParser parser, boolean isKey, BindingMistakes mistakes) {
    Parsed<?> parsed = type.parse(text);
    if (parsed instanceof Parsed.Wrong<?> wrong) {
      TreePath path = TreePath.of(parser);
      mistakes.badValue(isKey ? path.asKey() : path, wrong);
      return null;
    }
    return ((Parsed.Value<?>) parsed).it();
  }

  private static @Nullable Object integer(
      JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
      throws IOException {
    boolean fits =
        parser.hasToken(JsonToken.VALUE_NUMBER_INT)
            && parser.getLongValue() == (int) parser.getLongValue();
    return fits ? (Object) parser.getIntValue() : refuse(parser, Integer.class, mistakes);
  }

  private static @Nullable Object truth(
      JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
      throws IOException {
    return parser.currentToken().isBoolean()
        ? (Object) parser.getBooleanValue()
        : refuse(parser, Boolean.class, mistakes);
  }

  /** A word of an enumeration. */
  private static @Nullable Object word(
      JsonParser parser, BindingMistakes mistakes, Class<?> enumeration) throws IOException {
    String text = parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : "";
    for (Object constant : Objects.requireNonNull(enumeration.getEnumConstants())) {
      if (constant.toString().equals(text)) {
        return constant;
      }
    }
    return refuse(parser, enumeration, mistakes);
  }

  private static @Nullable Object command(
      JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
      throws IOException {
    if (!parser.hasToken(JsonToken.START_ARRAY)) {
      Object script = text(parser, mistakes, ValueType.TEXT);
      return script == null ? null : new CommandDocument(List.of(script.toString()), true);
    }
    List<String> words = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object word =
          parser.hasToken(JsonToken.VALUE_NULL) ? null : text(parser, mistakes, ValueType.TEXT);
      if (word != null) {
        words.add(word.toString());
      }
    }
    return new CommandDocument(words, false);
  }

  private static @Nullable Object hostNetwork(
      JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
      throws IOException {
    if (parser.currentToken().isBoolean()) {
      return new HostNetworkDocument(parser.getBooleanValue());
    }
    HostNetworkDocument.Settings map =
        of(HostNetworkDocument.Settings.class).deserialize(parser, context);
    return map == null ? null : new HostNetworkDocument(true, map);
  }

  /** Reads a map, for which a path of the host alone is short. */
  private static Reading pathOr(Class<?> type, Function<HostPath, Object> ofPath) {
    return new Reading(
        (parser, context, mistakes) -> {
          if (!parser.currentToken().isScalarValue()) {
            return of(type.asSubclass(Record.class)).deserialize(parser, context);
          }
          Object path = text(parser, mistakes, ValueType.HOST_PATH);
          return path == null ? null : ofPath.apply((HostPath) path);
        });
  }
}
