package dev.topology.text;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A record with all that is in it as a text, by which it can be compared with another one.
 *
 * <p>It says what {@code toString} of records says. But Java makes that method for each kind of
 * record when it is first called, which takes 70 ms for those of a topology.
 */
public final class RecordText {

  private RecordText() {}

  /**
   * That of a record, of a collection or map of some, or of a value, which says itself what it is.
   */
  public static String of(Object value) {
    if (value instanceof Record record) {
      return ofRecord(record);
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(RecordText::of).orElse("-");
    }
    if (value instanceof Map<?, ?> map) {
      StringJoiner all = new StringJoiner(", ", "{", "}");
      map.forEach((key, its) -> all.add(of(key) + "=" + of(its)));
      return all.toString();
    }
    if (value instanceof Collection<?> collection) {
      StringJoiner all = new StringJoiner(", ", "[", "]");
      collection.forEach(each -> all.add(of(each)));
      return all.toString();
    }
    return String.valueOf(value);
  }

  private static String ofRecord(Record record) {
    StringJoiner all = new StringJoiner(", ", record.getClass().getSimpleName() + "(", ")");
    try {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        all.add(component.getName() + "=" + of(component.getAccessor().invoke(record)));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return all.toString();
  }
}
