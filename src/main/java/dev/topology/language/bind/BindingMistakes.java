package dev.topology.language.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TreeTraversingParser;
import dev.topology.language.document.CableDocument;
import dev.topology.language.document.DiskDocument;
import dev.topology.language.document.DocumentType;
import dev.topology.language.document.HostNetworkDocument;
import dev.topology.language.document.NodeDocument.CommandDocument;
import dev.topology.language.document.PlacementDocument;
import dev.topology.language.document.SharedDirectoryDocument;
import dev.topology.language.document.SwitchDocument;
import dev.topology.language.value.Nearest;
import dev.topology.language.value.Parsed;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.Tree.Scalar;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one piece of a tree that is bound: told to the report, in the words of the
 * language, which knows no Java types. Used by one thread.
 */
final class BindingMistakes {

  /** What others call an architecture. */
  private static final Map<String, String> WORDS_ELSEWHERE =
      Map.of(
          "x86_64", "amd64", "x86-64", "amd64", "x64", "amd64", "aarch64", "arm64", "armv8",
          "arm64");

  private static final Map<String, Boolean> TRUTH_ELSEWHERE =
      Map.of("yes", true, "on", true, "y", true, "no", false, "off", false, "n", false);

  /** Of any length, unlike those that Jackson gets to see as numbers. */
  private static final String INTEGER = "-?[1-9][0-9]*";

  private static final Predicate<String> WORDS =
      Pattern.compile("[\\w.*-]+(, *[\\w.*-]+)+").asMatchPredicate();

  private static final Predicate<String> WORD_OR_WORDS =
      Pattern.compile("[\\w.*-]+(, *[\\w.*-]+)*").asMatchPredicate();

  private final Report report;
  private final Tree tree;
  private final Class<?> document;
  private boolean isDoubtful;

  /**
   * @param report where they go
   * @param tree what is bound
   * @param document the record it is bound to
   */
  BindingMistakes(Report report, Tree tree, Class<?> document) {
    this.report = report;
    this.tree = tree;
    this.document = document;
  }

  /** Those of the binding that a deserializer is called in. */
  static BindingMistakes of(JsonParser parser) {
    return ((PieceParser) parser).mistakes;
  }

  /** A parser of the piece that is bound. */
  JsonParser parser(JsonNode piece) {
    return new PieceParser(piece, this);
  }

  private static final class PieceParser extends TreeTraversingParser {

    private final BindingMistakes mistakes;

    PieceParser(JsonNode piece, BindingMistakes mistakes) {
      super(piece);
      this.mistakes = mistakes;
    }
  }

  /** Notes whether Bean Validation may object to a record that was bound. */
  <T extends Record> void consider(DocumentType<T> type, List<@Nullable Object> values) {
    isDoubtful |= !BeanValidation.isPlainlyGood(type, values);
  }

  /** Whether Bean Validation has to be asked. */
  boolean isDoubtful() {
    return isDoubtful;
  }

  void badValue(TreePath path, Parsed.Wrong<?> wrong) {
    report.add(Diagnostic.of(wrong.id(), path.locate(tree), wrong.message()).hint(wrong.hint()));
  }

  void unknownKey(TreePath path, Class<?> owner) {
    String key = path.last().toString();
    report.add(
        Diagnostic.of(
                DiagnosticId.UNKNOWN_KEY,
                path.asKey().locate(tree),
                Keys.subject(owner) + " has no key " + Quote.of(key))
            .hint(
                key.contains(":")
                    ? Optional.of("is a space missing after the \":\"?")
                    : Keys.suggest(owner, key)));
  }

  void wrongType(TreePath path, Class<?> wanted) {
    Tree found = path.find(tree).orElse(tree);
    if (wanted == Integer.class && isInteger(found)) {
      report.add(
          Diagnostic.of(
              DiagnosticId.OUT_OF_RANGE, found.location(), subject(path) + " is out of range"));
    } else if (wanted.isEnum() && found instanceof Scalar scalar) {
      report.add(unknownWord(wanted, scalar, path));
    } else {
      report.add(wrongType(wanted, found, path));
    }
  }

  private static Diagnostic unknownWord(Class<?> wanted, Scalar found, TreePath path) {
    String text = found.text();
    List<String> words = Arrays.stream(wanted.getEnumConstants()).map(Object::toString).toList();
    String hint =
        Optional.ofNullable(WORDS_ELSEWHERE.get(text.toLowerCase(Locale.ROOT)))
            .filter(words::contains)
            .or(() -> Nearest.to(text, words))
            .map(it -> "did you mean \"" + it + "\"?")
            .orElse("one of " + String.join(", ", words));
    return Diagnostic.of(
            DiagnosticId.UNKNOWN_VALUE,
            found.location(),
            Quote.of(path.last().toString()) + " cannot be " + Quote.of(text))
        .hint(hint);
  }

  private Diagnostic wrongType(Class<?> wanted, Tree found, TreePath path) {
    String seen = found instanceof Scalar scalar ? Quote.of(scalar.text()) : found.kind();
    boolean isWhole = path.steps().isEmpty();
    String takes = isWhole ? Keys.subject(document) + " is " : subject(path) + " takes ";
    return Diagnostic.of(
            DiagnosticId.WRONG_TYPE,
            found.location(),
            takes + (isWhole ? whole(wanted) : name(wanted)) + ", not " + seen)
        .hint(
            scalarHint(wanted, found)
                .or(() -> listHint(wanted, found, document))
                .or(
                    () ->
                        isWhole
                            ? Keys.example(document)
                            : Keys.example(document, path).map(it -> "such as \"" + it + "\"")));
  }

  /** What a document is whose short form is a list. */
  private String whole(Class<?> wanted) {
    if (document == CableDocument.class) {
      return "two ends, or a map";
    }
    return document == SwitchDocument.class ? "a list of ends, or a map" : name(wanted);
  }

  /** What the path leads to: {@code "cpus"}, {@code "22" of "ports"}, an item of a list. */
  private static String subject(TreePath path) {
    if (path.last() instanceof Integer) {
      return "a list item of " + Quote.of(path.lastKey());
    }
    String key = Quote.of(path.last().toString());
    return path.steps().size() == 1 ? key : key + " of " + Quote.of(path.first());
  }

  private static String name(Class<?> wanted) {
    if (wanted == Integer.class) {
      return "a whole number";
    }
    if (wanted == Boolean.class) {
      return "true or false";
    }
    if (wanted == HostNetworkDocument.Settings.class) {
      return "true, false or a map";
    }
    if (wanted == SharedDirectoryDocument.class) {
      return "a directory of the host or a map";
    }
    if (wanted == CommandDocument.class) {
      return "a text or a list of texts";
    }
    if (wanted.isEnum()) {
      return String.join(
          " or ", Stream.of(wanted.getEnumConstants()).map(Object::toString).toList());
    }
    if (Collection.class.isAssignableFrom(wanted)) {
      return "a list";
    }
    if (wanted == DiskDocument.class) {
      return "a path or a map";
    }
    return wanted == String.class ? "a text" : "a map";
  }

  private static Optional<String> scalarHint(Class<?> wanted, Tree found) {
    if (!(found instanceof Scalar scalar)) {
      return Optional.empty();
    }
    String text = scalar.text();
    if (wanted == Boolean.class || wanted == HostNetworkDocument.Settings.class) {
      Boolean meant = TRUTH_ELSEWHERE.get(text.toLowerCase(Locale.ROOT));
      boolean spelled = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
      return meant != null
          ? Optional.of("write " + meant)
          : spelled
              ? Optional.of("write " + text.toLowerCase(Locale.ROOT) + ", without quotes")
              : Nearest.to(text, List.of("true", "false"))
                  .map(it -> "did you mean \"" + it + "\"?");
    }
    if (wanted == Integer.class) {
      return numberHint(text);
    }
    boolean glued =
        text.indexOf(':') > 0 && (Map.class.isAssignableFrom(wanted) || wanted.isRecord());
    return glued ? Optional.of("is a space missing after the \":\"?") : Optional.empty();
  }

  /** Cables take lists of two words or more, placement lists of lists. */
  private static Optional<String> listHint(Class<?> wanted, Tree found, Class<?> document) {
    boolean isList =
        Collection.class.isAssignableFrom(wanted)
            && document != PlacementDocument.class
            && found instanceof Scalar scalar
            && scalar.isPlain()
            && (document == CableDocument.class ? WORDS : WORD_OR_WORDS).test(scalar.text());
    return isList ? Optional.of("write [" + ((Scalar) found).text() + "]") : Optional.empty();
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

  private static boolean isInteger(Tree found) {
    return found instanceof Scalar scalar && scalar.isPlain() && scalar.text().matches(INTEGER);
  }
}
