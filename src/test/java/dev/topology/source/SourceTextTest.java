package dev.topology.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.source.Location.Position;
import org.junit.jupiter.api.Test;

class SourceTextTest {

  @Test
  void countsLinesByAnyLineEnd() {
    SourceText text = new SourceText("a", "one\ntwo\r\nthree\rfour");

    assertThat(text.lineCount()).isEqualTo(4);
    assertThat(text.line(2)).isEqualTo("two");
    assertThat(text.line(3)).isEqualTo("three");
    assertThat(text.positionOf(5)).isEqualTo(new Position(2, 2));
    assertThat(text.positionOf(9)).isEqualTo(new Position(3, 1));
  }

  @Test
  void endsInEmptyLineAfterLastLineEnd() {
    SourceText text = new SourceText("a", "one\n");

    assertThat(text.lineCount()).isEqualTo(2);
    assertThat(text.line(2)).isEmpty();
    assertThat(text.positionOf(4)).isEqualTo(new Position(2, 1));
  }

  @Test
  void countsColumnsInCodePoints() {
    SourceText text = new SourceText("a", "😀: x\n😀😀: y");

    assertThat(text.positionOf(3)).isEqualTo(new Position(1, 4));
    assertThat(text.positionOf(7)).isEqualTo(new Position(2, 3));
  }

  @Test
  void emptyTextHasOneLine() {
    SourceText text = new SourceText("a", "");

    assertThat(text.lineCount()).isEqualTo(1);
    assertThat(text.line(1)).isEmpty();
    assertThat(text.positionOf(0)).isEqualTo(Position.START);
  }
}
