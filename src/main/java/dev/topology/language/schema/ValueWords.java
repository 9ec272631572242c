package dev.topology.language.schema;

import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.DocumentType.DocumentKey;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.SharedDirectoryDocument;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says in words what values a key takes. */
final class ValueWords {

  private ValueWords() {}

  /** What a key takes. */
  static String of(DocumentKey key) {
    Class<?> type = key.component().getType();
    if (List.class.isAssignableFrom(type)) {
      return inside(key) == List.class ? "a list of lists" : "a list";
    }
    return Map.class.isAssignableFrom(type) ? "a map" : of(type, key);
  }

  /** What a key takes as its value, or inside of it. */
  static String of(Class<?> type, DocumentKey key) {
    if (type == Integer.class) {
      return integer(least(key), most(key));
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == HostNetworkDocument.class) {
      return "true, false or a map";
    }
    if (type == SharedDirectoryDocument.class) {
      return key.about().type().words() + ", or a map";
    }
    if (type == DiskDocument.class) {
      return "a path or a map";
    }
    if (type.isEnum()) {
      return oneOf(words(type));
    }
    if (type == CommandDocument.class) {
      return "a text or a list of texts";
    }
    return isDocument(type, key) ? "a map" : key.about().type().words();
  }

  /** Whether it is a record with keys of its own. */
  static boolean isDocument(Class<?> type, DocumentKey key) {
    return type.isRecord() && !type.equals(key.about().type().type());
  }

  static String integer(Optional<Long> least, Optional<Long> most) {
    return "a whole number"
        + least.map(it -> (most.isPresent() ? " from " : ", at least ") + it).orElse("")
        + most.map(it -> " to " + it).orElse("");
  }

  static String oneOf(List<String> words) {
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  /** The words of an enumeration, as users write them. */
  static List<String> words(Class<?> enumeration) {
    return Arrays.stream(enumeration.getEnumConstants()).map(Object::toString).toList();
  }

  static Optional<Long> least(DocumentKey key) {
    return annotation(key, Min.class).map(Min::value);
  }

  static Optional<Long> most(DocumentKey key) {
    return annotation(key, Max.class).map(Max::value);
  }

  /** An annotation of Bean Validation at a key. */
  static <A extends Annotation> Optional<A> annotation(DocumentKey key, Class<A> type) {
    return Optional.ofNullable(key.component().getAnnotatedType().getAnnotation(type));
  }

  /** What is inside: of a list its items, of a map its values. */
  static Class<?> inside(DocumentKey key) {
    ParameterizedType container = (ParameterizedType) key.component().getGenericType();
    Type[] inside = container.getActualTypeArguments();
    Type last = inside[inside.length - 1];
    return (Class<?>) (last instanceof ParameterizedType generic ? generic.getRawType() : last);
  }
}
