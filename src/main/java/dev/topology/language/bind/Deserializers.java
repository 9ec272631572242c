package dev.topology.language.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.Key;
import dev.topology.language.document.MapKey;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.NodeDocument.HostNetworkDocument;
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

  /** That of a record, which is made once. */
  @SuppressWarnings("unchecked")
  static <T extends Record> JsonDeserializer<T> of(Class<T> record) {
    return (JsonDeserializer<T>) RECORDS.computeIfAbsent(record, it -> new OfRecord<>(record));
  }

  /** The deserializer of a key's values. */
  private static JsonDeserializer<?> of(DocumentKey key) {
    Type type = key.component().getGenericType();
    Key about = key.about();
    if (!(type instanceof ParameterizedType generic)) {
      return single((Class<?>) type, about.type());
    }
    Type[] inside = generic.getActualTypeArguments();
    JsonDeserializer<?> item = single(raw(inside[inside.length - 1]), about.type());
    return generic.getRawType() == Map.class
        ? new OfMap(about.keys(), raw(inside[0]) == MapKey.class, item)
        : new OfList(item, about.single());
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }

  @SuppressWarnings("unchecked")
  private static JsonDeserializer<?> single(Class<?> type, ValueType text) {
    if (type == Integer.class) {
      return new OfInteger();
    }
    if (type == Boolean.class) {
      return new OfBoolean();
    }
    if (type.isEnum()) {
      return new OfEnum(type);
    }
    if (type == CommandDocument.class) {
      return new OfCommand();
    }
    if (type == HostNetworkDocument.class) {
      return new OfHostNetwork();
    }
    boolean isDocument = type.isRecord() && !text.type().equals(type);
    return isDocument ? new OfRecord<>((Class<? extends Record>) type) : new OfText(text);
  }

  /** One that leaves null in the place of what is wrong. */
  private abstract static class Lenient<T> extends JsonDeserializer<T> {

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.VALUE_NULL)
          ? null
          : read(parser, context, BindingMistakes.of(context));
    }

    abstract @Nullable T read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException;

    /** Reports a value of the wrong type and passes over it. */
    final @Nullable T refuse(JsonParser parser, Class<?> wanted, BindingMistakes mistakes)
        throws IOException {
      mistakes.wrongType(TreePath.of(parser), wanted);
      parser.skipChildren();
      return null;
    }
  }

  /** A record: each key by the deserializer of its type. */
  private static final class OfRecord<T extends Record> extends Lenient<T> {

    private final Class<T> record;
    private final Map<String, JsonDeserializer<?>> deserializers = new ConcurrentHashMap<>();

    OfRecord(Class<T> record) {
      this.record = record;
    }

    @Override
    @Nullable T read(JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      if (!parser.hasToken(JsonToken.START_OBJECT)) {
        return refuse(parser, record, mistakes);
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
          values.set(index, deserializer(type.keys().get(index)).deserialize(parser, context));
        }
      }
      T bound = type.create(values);
      mistakes.consider(type, values);
      return bound;
    }

    private JsonDeserializer<?> deserializer(DocumentKey key) {
      return deserializers.computeIfAbsent(key.name(), it -> of(key));
    }
  }

  /** A list, or, where that is allowed, a single item in place of one. */
  private static final class OfList extends Lenient<List<@Nullable Object>> {

    private final JsonDeserializer<?> item;
    private final boolean maybeSingle;

    OfList(JsonDeserializer<?> item, boolean maybeSingle) {
      this.item = item;
      this.maybeSingle = maybeSingle;
    }

    @Override
    @Nullable List<@Nullable Object> read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      List<@Nullable Object> items = new ArrayList<>();
      if (parser.hasToken(JsonToken.START_ARRAY)) {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(item.deserialize(parser, context));
        }
        return items;
      }
      if (!maybeSingle) {
        return refuse(parser, List.class, mistakes);
      }
      items.add(item.deserialize(parser, context));
      return items.contains(null) ? null : items;
    }
  }

  /** A map of texts, or of documents that are bound elsewhere and null here. */
  private static final class OfMap extends Lenient<Map<Object, @Nullable Object>> {

    private final ValueType keys;
    private final boolean keepsText;
    private final JsonDeserializer<?> item;

    OfMap(ValueType keys, boolean keepsText, JsonDeserializer<?> item) {
      this.keys = keys;
      this.keepsText = keepsText;
      this.item = item;
    }

    @Override
    @Nullable Map<Object, @Nullable Object> read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      if (!parser.hasToken(JsonToken.START_OBJECT)) {
        return refuse(parser, Map.class, mistakes);
      }
      Map<Object, @Nullable Object> map = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String text = parser.currentName();
        boolean isAbsent = parser.nextToken() == JsonToken.VALUE_NULL;
        // Of an entry whose value has the wrong type, that is enough to be told.
        Object key = parser.currentToken().isStructStart() ? null : key(text, parser, mistakes);
        Object value = item.deserialize(parser, context);
        if (key != null && (value != null || isAbsent)) {
          map.put(key, value);
        }
      }
      return map;
    }

    private @Nullable Object key(String text, JsonParser parser, BindingMistakes mistakes) {
      Parsed<?> parsed = keys.parse(text);
      if (parsed instanceof Parsed.Wrong<?> wrong) {
        mistakes.badValue(TreePath.of(parser).asKey(), wrong);
        return null;
      }
      return keepsText ? new MapKey<>(text, ((Parsed.Value<?>) parsed).it()) : text;
    }
  }

  /** A text of a type of value. A number or truth value reads the same as text. */
  private static final class OfText extends Lenient<Object> {

    private final ValueType type;

    OfText(ValueType type) {
      this.type = type;
    }

    @Override
    @Nullable Object read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      if (!parser.currentToken().isScalarValue()) {
        return refuse(parser, String.class, mistakes);
      }
      Parsed<?> parsed = type.parse(parser.getText());
      if (parsed instanceof Parsed.Value<?> value) {
        return value.it();
      }
      mistakes.badValue(TreePath.of(parser), (Parsed.Wrong<?>) parsed);
      return null;
    }
  }

  private static final class OfInteger extends Lenient<Integer> {

    @Override
    @Nullable Integer read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      boolean fits =
          parser.hasToken(JsonToken.VALUE_NUMBER_INT)
              && parser.getLongValue() == (int) parser.getLongValue();
      return fits ? Integer.valueOf(parser.getIntValue()) : refuse(parser, Integer.class, mistakes);
    }
  }

  private static final class OfBoolean extends Lenient<Boolean> {

    @Override
    @Nullable Boolean read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      return parser.currentToken().isBoolean()
          ? Boolean.valueOf(parser.getBooleanValue())
          : refuse(parser, Boolean.class, mistakes);
    }
  }

  /** A word of an enumeration. */
  private static final class OfEnum extends Lenient<Object> {

    private final Class<?> type;

    OfEnum(Class<?> type) {
      this.type = type;
    }

    @Override
    @Nullable Object read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      String text = parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : "";
      for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
        if (constant.toString().equals(text)) {
          return constant;
        }
      }
      return refuse(parser, type, mistakes);
    }
  }

  private static final class OfCommand extends Lenient<CommandDocument> {

    private final OfText text = new OfText(ValueType.TEXT);
    private final OfList list = new OfList(text, false);

    @Override
    @Nullable CommandDocument read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      if (!parser.hasToken(JsonToken.START_ARRAY)) {
        Object script = text.read(parser, context, mistakes);
        return script == null ? null : new CommandDocument(List.of(script.toString()), true);
      }
      List<String> words = new ArrayList<>();
      for (Object word : Objects.requireNonNull(list.read(parser, context, mistakes))) {
        if (word != null) {
          words.add(word.toString());
        }
      }
      return new CommandDocument(words, false);
    }
  }

  private static final class OfHostNetwork extends Lenient<HostNetworkDocument> {

    private final OfRecord<HostNetworkDocument.Settings> map =
        new OfRecord<>(HostNetworkDocument.Settings.class);

    @Override
    @Nullable HostNetworkDocument read(
        JsonParser parser, DeserializationContext context, BindingMistakes mistakes)
        throws IOException {
      if (parser.currentToken().isBoolean()) {
        return new HostNetworkDocument(parser.getBooleanValue());
      }
      HostNetworkDocument.Settings settings = map.read(parser, context, mistakes);
      return settings == null ? null : new HostNetworkDocument(true, settings);
    }
  }
}
