package dev.topology.language.document;

import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The table of the keys of a document record, made from its components. Immutable.
 *
 * @param <T> the record
 */
public final class DocumentType<T extends Record> {

  private static final Map<Class<?>, DocumentType<?>> ALL = new ConcurrentHashMap<>();
  private static final Pattern HUMP = Pattern.compile("([A-Z])");

  /**
   * A key of the language.
   *
   * @param name as it is written: {@code host_network}
   * @param component of the record; its type says what values the key takes
   * @param about the rest
   */
  public record DocumentKey(String name, RecordComponent component, Key about) {}

  private final List<DocumentKey> keys;
  private final Map<String, Integer> indices = new LinkedHashMap<>();
  private final Map<Integer, List<Annotation>> constraints = new ConcurrentHashMap<>();
  private final Constructor<T> constructor;

  private DocumentType(Class<T> record) {
    this.keys = Stream.of(record.getRecordComponents()).map(DocumentType::key).toList();
    for (DocumentKey key : keys) {
      indices.put(key.name(), indices.size());
    }
    try {
      this.constructor =
          record.getDeclaredConstructor(
              keys.stream().map(it -> it.component().getType()).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor: " + record, e);
    }
  }

  /** The table of a record, which is made once. */
  @SuppressWarnings("unchecked")
  public static <T extends Record> DocumentType<T> of(Class<T> record) {
    return (DocumentType<T>) ALL.computeIfAbsent(record, it -> new DocumentType<>(record));
  }

  private static DocumentKey key(RecordComponent component) {
    Key about = component.getAnnotation(Key.class);
    if (about == null) {
      throw new IllegalStateException("nothing is said about " + component);
    }
    String name = about.name().isEmpty() ? snake(component.getName()) : about.name();
    return new DocumentKey(name, component, about);
  }

  private static String snake(String component) {
    return HUMP.matcher(component).replaceAll("_$1").toLowerCase(Locale.ROOT);
  }

  /** The record. */
  public Class<T> record() {
    return constructor.getDeclaringClass();
  }

  /** The keys, in the order of the language reference. */
  public List<DocumentKey> keys() {
    return keys;
  }

  /** A key by its name. */
  public Optional<DocumentKey> key(String name) {
    return Optional.ofNullable(indices.get(name)).map(keys::get);
  }

  /** Where a key is among the values of a record; -1 for none. */
  public int indexOf(String name) {
    return indices.getOrDefault(name, -1);
  }

  /** The annotations of a key's field, among them what Bean Validation is to judge. */
  public List<Annotation> constraints(int index) {
    return constraints.computeIfAbsent(index, it -> annotations(keys.get(it)));
  }

  private static List<Annotation> annotations(DocumentKey key) {
    RecordComponent component = key.component();
    try {
      return List.of(
          component.getDeclaringRecord().getDeclaredField(component.getName()).getAnnotations());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("a record component without its field: " + component, e);
    }
  }

  /** A record without any values. */
  public T empty() {
    return create(new ArrayList<>(Collections.nCopies(keys.size(), null)));
  }

  /** A record with these values, null for none, in the order of its keys. */
  public T create(List<@Nullable Object> values) {
    try {
      return constructor.newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a record of " + values, e);
    }
  }

  /** The values of a record, null for none, in the order of its keys. */
  public List<@Nullable Object> values(T record) {
    List<@Nullable Object> values = new ArrayList<>(keys.size());
    for (DocumentKey key : keys) {
      values.add(value(record, key));
    }
    return values;
  }

  private static @Nullable Object value(Record record, DocumentKey key) {
    try {
      return key.component().getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + key.name() + " of " + record, e);
    }
  }
}
