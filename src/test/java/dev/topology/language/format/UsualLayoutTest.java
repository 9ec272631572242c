package dev.topology.language.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.language.starter.Shape;
import dev.topology.language.starter.StarterFile;
import dev.topology.source.DiagnosticId;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class UsualLayoutTest {

  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final TopologyLoader LOADER = new TopologyLoader();

  /** After which there is no text to lay out. */
  private static final Set<DiagnosticId> UNREADABLE =
      EnumSet.of(
          DiagnosticId.SYNTAX,
          DiagnosticId.NOT_TEXT,
          DiagnosticId.EMPTY_FILE,
          DiagnosticId.TOO_DEEP,
          DiagnosticId.UNKNOWN_ALIAS,
          DiagnosticId.TOO_MANY_ALIASES);

  /** Where blanks have a meaning: in texts of several lines, and before comments in brackets. */
  private static final String SPACED = "[|>][+-]?[0-9]?\\s|\r|\"[^\"\n]*\n|\\s-\\[|[\\[,] +#";

  /** Every file that can be read as YAML. */
  static List<Path> files() throws IOException {
    return all().filter(it -> isReadable(read(it))).toList();
  }

  /** Those where blanks have no meaning. */
  static List<Path> spreadable() throws IOException {
    Predicate<String> spaced = Pattern.compile(SPACED).asPredicate();
    return files().stream().filter(it -> !spaced.test(read(it))).toList();
  }

  private static Stream<Path> all() throws IOException {
    try (Stream<Path> topologies = Files.walk(Path.of("topologies"));
        Stream<Path> resources = Files.walk(RESOURCES)) {
      return Stream.concat(topologies, resources)
          .filter(it -> it.toString().endsWith(".yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @Test
  void looksAsExpected() throws IOException {
    String text = Files.readString(RESOURCES.resolve("dev/topology/language/format/comments.yaml"));

    Golden.assertMatches("language/format/comments.expected", layout(text));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void keepsTheMeaningOfEveryFileAndItsOwnResult(Path file) {
    String text = read(file);

    String once = layout(text);

    assertThat(layout(once)).isEqualTo(once);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spreadable")
  void bringsBackWhatWasMisplaced(Path file) {
    String usual = layout(read(file));
    Random random = new Random(usual.hashCode());

    for (int round = 0; round < 5; round++) {
      String spread = spread(usual, random);

      assertThat(layout(spread)).isEqualTo(usual);
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesStarterFilesAlone(Shape shape) {
    String text = StarterFile.text(shape, "lab", Map.of(), "lab.yaml");

    assertThat(layout(text)).isEqualTo(text);
  }

  @Test
  void leavesTheTopologiesOfThisProjectAlone() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("topologies"))) {
      for (Path file : all.filter(it -> it.toString().endsWith(".yaml")).toList()) {
        assertThat(layout(Files.readString(file))).isEqualTo(Files.readString(file));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1}                | {\"a\": 1}",
        "a: \"b\"                 | a: b",
        "a: 'b c'                 | a: b c",
        "a: \"no\"                | a: \"no\"",
        "a: \"22\"                | a: \"22\"",
        "a: \"b: c\"              | a: \"b: c\"",
        "a: \"${B}\"              | a: \"${B}\"",
        "a: [b ,c,  d ]           | a: [b, c, d]",
        "a: { }                   | a: {}",
        "a: {b: , c: d}           | a: {b:, c: d}",
        "a: {b: }                 | a: {b: }",
        "- - a                    | - - a",
        "a: !!str   1             | a: !!str 1",
        "a: &x    1               | a: &x 1",
        "? a                      | ? a",
        "--- a                    | --- a",
      })
  void normalises(String before, String after) {
    assertThat(layout(before)).isEqualTo(after + "\n");
  }

  @Test
  void keepsDosLineEnds() {
    assertThat(layout("a:\r\n    b:  c\r\n")).isEqualTo("a:\r\n  b: c\r\n");
  }

  @Test
  void keepsTextsOfSeveralLines() {
    assertThat(layout("a:\n    b: one\n       two\n\n       three\n    c: \"x\n\n      y\"\n"))
        .isEqualTo("a:\n  b: one\n    two\n\n    three\n  c: \"x\n\n    y\"\n");
    assertThat(layout("a:\n    b: |2\n         x\n        y\n    c: >-\n        z\n\n\n    d: e\n"))
        .isEqualTo("a:\n  b: |2\n       x\n      y\n  c: >-\n    z\n\n  d: e\n");
    assertThat(layout("a: |+\n    x\n\n\nb: c\n")).isEqualTo("a: |+\n  x\n\n\nb: c\n");
  }

  /** The same at twice the indentation, with blanks at the ends of lines. */
  private static String spread(String text, Random random) {
    StringBuilder spread = new StringBuilder();
    for (String line : text.stripTrailing().split("\n", -1)) {
      String content = line.stripLeading();
      int indent = line.length() - content.length();
      spread.append(" ".repeat(indent * 2));
      while (content.startsWith("- ")) {
        spread.append("-   ");
        content = content.substring(2);
      }
      spread.append(content);
      spread.append(random.nextInt(4) == 0 ? "   \n" : "\n");
    }
    return spread.toString();
  }

  private static String layout(String text) {
    return UsualLayout.of(text, Map.of());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isReadable(String text) {
    LoadResult result = LOADER.load(LoadRequest.ofText(new SourceText("it.yaml", text), Map.of()));
    return result.diagnostics().stream().noneMatch(it -> UNREADABLE.contains(it.id()));
  }
}
