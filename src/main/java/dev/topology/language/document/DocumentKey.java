package dev.topology.language.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A key of the language: a component of a document record, under the name users write.
 *
 * @param name as it is written: {@code host_network}
 * @param component of the record; its type says what values the key takes
 * @param about what there is to say about it
 */
public record DocumentKey(String name, RecordComponent component, Key about) {

  private static final Pattern HUMP = Pattern.compile("([A-Z])");

  /** The keys of a document record, in the order of the language reference. */
  public static List<DocumentKey> of(Class<?> document) {
    return Stream.of(document.getRecordComponents()).map(DocumentKey::of).toList();
  }

  private static DocumentKey of(RecordComponent component) {
    String name =
        Optional.ofNullable(component.getAccessor().getAnnotation(JsonProperty.class))
            .map(JsonProperty::value)
            .orElseGet(() -> snake(component.getName()));
    Key about = component.getAnnotation(Key.class);
    if (about == null) {
      throw new IllegalStateException("nothing is said about " + component);
    }
    return new DocumentKey(name, component, about);
  }

  private static String snake(String component) {
    return HUMP.matcher(component).replaceAll("_$1").toLowerCase(Locale.ROOT);
  }
}
