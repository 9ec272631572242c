package dev.topology.load;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.topology.load.Tree.Scalar;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.Quote;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says what Jackson found in the words of the language, which knows no Java types. */
final class MappingMistake {

  private static final Map<String, Boolean> TRUTH_ELSEWHERE =
      Map.of("yes", true, "on", true, "y", true, "no", false, "off", false, "n", false);

  private MappingMistake() {}

  static Optional<Diagnostic> explain(
      JsonMappingException error, TreePath path, Tree tree, Class<?> document) {
    if (error instanceof UnrecognizedPropertyException unknown) {
      return Optional.of(unknownKey(unknown, path, tree));
    }
    Class<?> wanted =
        error instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
            ? mismatch.getTargetType()
            : Integer.class;
    Tree found = path.find(tree).orElse(tree);
    if (wanted.isEnum() && found instanceof Scalar) {
      return Optional.of(unknownWord(wanted, found, path));
    }
    if (!(error instanceof InvalidFormatException) && isHuge(found)) {
      return Optional.of(
          Diagnostic.of(
              DiagnosticId.OUT_OF_RANGE, found.location(), "this number is out of range"));
    }
    return Optional.of(wrongType(wanted, found, path, document));
  }

  private static Diagnostic unknownKey(
      UnrecognizedPropertyException error, TreePath path, Tree tree) {
    Class<?> owner = error.getReferringClass();
    String key = error.getPropertyName();
    return Diagnostic.of(
            DiagnosticId.UNKNOWN_KEY,
            path.asKey().locate(tree),
            Keys.subject(owner) + " has no key " + Quote.of(key))
        .hint(
            Keys.suggest(owner, key)
                .or(
                    () ->
                        key.contains(":")
                            ? Optional.of("is a space missing after the \":\"?")
                            : Optional.empty()));
  }

  private static Diagnostic unknownWord(Class<?> wanted, Tree found, TreePath path) {
    String text = ((Scalar) found).text();
    List<String> words = Arrays.stream(wanted.getEnumConstants()).map(Object::toString).toList();
    String hint =
        Nearest.to(text, words)
            .map(it -> "did you mean \"" + it + "\"?")
            .orElse("one of " + String.join(", ", words));
    return Diagnostic.of(
            DiagnosticId.UNKNOWN_VALUE,
            found.location(),
            Quote.of(path.last().toString()) + " cannot be " + Quote.of(text))
        .hint(hint);
  }

  private static Diagnostic wrongType(
      Class<?> wanted, Tree found, TreePath path, Class<?> document) {
    String seen = found instanceof Scalar scalar ? Quote.of(scalar.text()) : found.kind();
    Location place = found.location();
    return Diagnostic.of(
            DiagnosticId.WRONG_TYPE,
            place,
            subject(path, document) + " takes " + name(wanted) + ", not " + seen)
        .hint(hint(wanted, found, path, document));
  }

  private static String subject(TreePath path, Class<?> document) {
    if (path.steps().isEmpty()) {
      return Keys.subject(document);
    }
    if (path.last() instanceof Integer) {
      return "a list item of " + Quote.of(path.first());
    }
    return Quote.of(path.last().toString());
  }

  private static String name(Class<?> wanted) {
    if (wanted == Integer.class) {
      return "a whole number";
    }
    if (wanted == Boolean.class) {
      return "true or false";
    }
    if (wanted == CommandDocument.class || wanted == String[].class) {
      return "a text or a list of texts";
    }
    if (wanted.isEnum()) {
      return Arrays.stream(wanted.getEnumConstants())
          .map(Object::toString)
          .collect(Collectors.joining(" or "));
    }
    if (Collection.class.isAssignableFrom(wanted)) {
      return "a list";
    }
    return wanted == String.class ? "a text" : "a map";
  }

  private static Optional<String> hint(
      Class<?> wanted, Tree found, TreePath path, Class<?> document) {
    Optional<String> special =
        found instanceof Scalar scalar ? scalarHint(wanted, scalar) : Optional.empty();
    return special.or(
        () ->
            path.steps().size() == 1
                ? Keys.example(document, path.first()).map(it -> "such as \"" + it + "\"")
                : Optional.empty());
  }

  private static Optional<String> scalarHint(Class<?> wanted, Scalar found) {
    String text = found.text();
    if (wanted == Boolean.class) {
      Boolean meant = TRUTH_ELSEWHERE.get(text.toLowerCase(Locale.ROOT));
      boolean spelled = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
      return meant != null
          ? Optional.of("write " + meant)
          : spelled
              ? Optional.of("write " + text.toLowerCase(Locale.ROOT) + ", without quotes")
              : Optional.empty();
    }
    if (wanted == Integer.class) {
      return numberHint(text);
    }
    boolean glued =
        text.indexOf(':') > 0 && (Map.class.isAssignableFrom(wanted) || wanted.isRecord());
    return glued ? Optional.of("is a space missing after the \":\"?") : Optional.empty();
  }

  private static Optional<String> numberHint(String text) {
    if (text.matches("[1-9][0-9]*|0")) {
      return Optional.of("without quotes: " + text);
    }
    if (text.matches("0x[0-9A-Fa-f]{1,12}")) {
      return Optional.of("write " + new BigInteger(text.substring(2), 16));
    }
    if (text.matches("[0-9][0-9_]*[0-9]")) {
      return Optional.of(
          "write " + new BigInteger(text.replace("_", "")) + ": plain digits, no zero in front");
    }
    return Optional.empty();
  }

  private static boolean isHuge(Tree found) {
    return found instanceof Scalar scalar && scalar.isInteger() && scalar.text().length() > 9;
  }
}
