package dev.topology.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.source.DiagnosticRenderer.Paint;
import dev.topology.source.Location.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {

  private final DiagnosticRenderer renderer = new DiagnosticRenderer(Paint.NONE);

  @Test
  void underlinesThePlaceWithTheHintBeside() {
    assertThat(renderer.render(at("a: 1\nmemroy: x", 2, 1, 7).hint("did you mean \"memory\"?")))
        .isEqualTo(
            """
            lab.yaml:2:1: error[unknown-key]: wrong
               2 | memroy: x
                 | ^^^^^^ did you mean "memory"?
            """);
  }

  @Test
  void namesOtherPlacesAfterTheHint() {
    Diagnostic diagnostic = at("a: 1\nb: 2", 2, 4, 5);
    Location first = diagnostic.location().source().locate(3, 4);

    assertThat(renderer.render(diagnostic.related("first given here:", first)))
        .endsWith("     |    ^ first given here: 1:4\n");
    assertThat(renderer.render(diagnostic.hint("did you mean \"x\"?").related("defined at", first)))
        .endsWith("     |    ^ did you mean \"x\"? (defined at 1:4)\n");
  }

  @Test
  void alignsCaretsUnderTabsAndWideCharacters() {
    assertThat(renderer.render(at("\ta: b", 1, 2, 3))).endsWith("   1 |     a: b\n     |     ^\n");
    assertThat(renderer.render(at("x\ta: b", 1, 3, 4))).endsWith("   1 | x   a: b\n     |     ^\n");
    assertThat(renderer.render(at("日本: 한글", 1, 5, 7)))
        .endsWith("   1 | 日本: 한글\n     |       ^^^^\n");
    assertThat(renderer.render(at("e\u0301😀 x", 1, 5, 6)))
        .endsWith("   1 | e\u0301😀 x\n     |     ^\n");
  }

  @Test
  void cutsLongLinesAroundThePlace() {
    String line = "a".repeat(300) + "HERE" + "b".repeat(300);

    assertThat(renderer.render(at(line, 1, 301, 305)))
        .endsWith(
            "   1 | …"
                + "a".repeat(40)
                + "HERE"
                + "b".repeat(56)
                + "…\n"
                + "     | "
                + " ".repeat(41)
                + "^^^^\n");
  }

  @Test
  void putsLongHintOnLineOfItsOwn() {
    assertThat(renderer.render(at("a".repeat(60), 1, 1, 61).hint("h".repeat(60))))
        .endsWith("\n     | " + "^".repeat(60) + "\n     | " + "h".repeat(60) + "\n");
  }

  @Test
  void underlinesFirstLineOfSeveral() {
    SourceText text = new SourceText("lab.yaml", "ab: [\n  c]\n");
    Location location = new Location(text, new Position(1, 5), new Position(2, 5));

    assertThat(renderer.render(Diagnostic.of(DiagnosticId.WRONG_TYPE, location, "wrong")))
        .endsWith("   1 | ab: [\n     |     ^\n");
  }

  @Test
  void pointsBehindTheEndOfText() {
    assertThat(renderer.render(at("a: 1\n", 2, 1, 2))).endsWith("   2 |\n     | ^\n");
    assertThat(renderer.render(at("a: 1", 1, 9, 9))).endsWith("   1 | a: 1\n     |     ^\n");
  }

  @Test
  void letsNothingInTheTextMoveTheCursor() {
    assertThat(renderer.render(at("a: \u001b[2J\u202e x", 1, 8, 9)))
        .endsWith("   1 | a: \uFFFD[2J\uFFFD x\n     |        ^\n");
    assertThat(Quote.of("\u001b[2J\n\u202e")).isEqualTo("\"\\u001B[2J\\n\\u202E\"");
  }

  @Test
  void quotesNothingWhereThereIsNoText() {
    Location location = Location.startOf(new SourceText("lab.yaml", ""));

    assertThat(
            renderer.render(
                Diagnostic.of(DiagnosticId.NO_SUCH_FILE, location, "there is no such file")
                    .hint("is it spelt right?")))
        .isEqualTo(
            """
            lab.yaml: error[no-such-file]: there is no such file
              is it spelt right?
            """);
  }

  @Test
  void marksTheRolesOfItsParts() {
    Paint paint = (role, text) -> "<" + role + ":" + text + ">";

    assertThat(new DiagnosticRenderer(paint).render(at("a: 1", 1, 1, 2)))
        .isEqualTo(
            """
            <PLACE:lab.yaml:1:1:> <ERROR:error[unknown-key]>: <MESSAGE:wrong>
            <GUTTER:   1 |> a: 1
            <GUTTER:     |> <ERROR:^>
            """);
  }

  @Test
  void countsErrorsAndWarnings() {
    Diagnostic error = at("a", 1, 1, 2);
    Diagnostic warning = Diagnostic.of(DiagnosticId.UNUSED_GROUP, error.location(), "unused");

    assertThat(DiagnosticRenderer.summary(List.of(error))).isEqualTo("1 error.");
    assertThat(DiagnosticRenderer.summary(List.of(error, error, warning)))
        .isEqualTo("2 errors, 1 warning.");
    assertThat(DiagnosticRenderer.summary(List.of(warning, warning))).isEqualTo("2 warnings.");
  }

  private static Diagnostic at(String text, int line, int from, int to) {
    SourceText source = new SourceText("lab.yaml", text);
    Location location = new Location(source, new Position(line, from), new Position(line, to));
    return Diagnostic.of(DiagnosticId.UNKNOWN_KEY, location, "wrong");
  }
}
