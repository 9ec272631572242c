package dev.topology.language.schema;

import dev.topology.language.document.CommandDocument;
import dev.topology.language.document.Form;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.Syntax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says in words what values a place takes. */
final class ValueWords {

  private ValueWords() {}

  static String of(AnnotatedType place) {
    Class<?> type = raw(place);
    if (type == String.class) {
      return text(syntax(place));
    }
    if (type == Integer.class) {
      return integer(least(place), most(place));
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == HostNetworkDocument.class) {
      return "true, false or a map";
    }
    if (type.isEnum()) {
      return oneOf(words(type));
    }
    if (type == CommandDocument.class) {
      return "a text or a list of texts";
    }
    if (List.class.isAssignableFrom(type)) {
      return "a list";
    }
    return "a map";
  }

  static String text(Optional<Syntax> syntax) {
    return syntax.map(Syntax::words).orElse("a text");
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

  static Optional<Syntax> syntax(AnnotatedElement place) {
    return Optional.ofNullable(place.getAnnotation(Form.class)).map(Form::value);
  }

  static Optional<Long> least(AnnotatedElement place) {
    return Optional.ofNullable(place.getAnnotation(Min.class)).map(Min::value);
  }

  static Optional<Long> most(AnnotatedElement place) {
    return Optional.ofNullable(place.getAnnotation(Max.class)).map(Max::value);
  }

  /** The class a place holds, without what is inside of it. */
  static Class<?> raw(AnnotatedType place) {
    Type type = place.getType();
    return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
  }

  /** What is inside: of a list its items, of a map its keys or its values. */
  static AnnotatedType inside(AnnotatedType place, int index) {
    return ((AnnotatedParameterizedType) place).getAnnotatedActualTypeArguments()[index];
  }

  static boolean isMap(Class<?> type) {
    return Map.class.isAssignableFrom(type);
  }
}
