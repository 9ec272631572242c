package dev.topology.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestTextTest {

  /** A title, the clipboard, a C1 control, bidi, a cleared screen, a line written over, hidden. */
  private static final String ATTACK =
      "X\033]0;PWN\007\033]52;c;aGk=\007\u009b31mY\u202eZ\033[2J\r\b\u200b\u2066end\udb40\udc41";

  @Test
  void hasNothingThatATerminalObeys() {
    assertThat(GuestText.line(ATTACK)).hasToString("end");
    assertThat(GuestText.lines("one\n" + ATTACK)).hasToString("one\nend");
  }

  @ParameterizedTest
  @CsvSource({
    "'  cannot do it ', 'cannot do it'",
    "'', ''",
    "'one\ntwo\r\n  three', 'one two three'",
    "'é λ 漢 🐧', 'é λ 漢 🐧'"
  })
  void keepsWhatPeopleRead(String said, String text) {
    assertThat(GuestText.line(said)).hasToString(text);
  }

  @Test
  void isNeverLong() {
    String line = "x".repeat(300_000);
    assertThat(GuestText.line(line).toString()).hasSize(GuestText.LONGEST_LINE + 1).endsWith("x…");
    assertThat(GuestText.lines((line.substring(0, 999) + "\n").repeat(100)).lines())
        .hasSize(GuestText.MOST_LINES + 1)
        .startsWith("(60 lines before it)")
        .allMatch(it -> it.length() <= GuestText.LONGEST_LINE + 1);
  }

  @Test
  void isCleanWhateverIsSaid() {
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      StringBuilder said = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        said.appendCodePoint(
            random.nextInt(3) == 0
                ? ATTACK.codePointAt(random.nextInt(ATTACK.length()))
                : random.nextInt(random.nextBoolean() ? 0x300 : 0x110000));
      }
      GuestText text = GuestText.lines(said.toString());
      assertThat(text.toString().codePoints().filter(it -> it != '\n' && it != '\t'))
          .noneMatch(Character::isISOControl)
          .noneMatch(GuestTextTest::changesDirection);
      assertThat(GuestText.lines(text.toString())).isEqualTo(text);
      assertThat(GuestText.line(said.toString()).toString()).doesNotContain("\n");
    }
  }

  private static boolean changesDirection(int codePoint) {
    return switch (Character.getDirectionality(codePoint)) {
      case Character.DIRECTIONALITY_LEFT_TO_RIGHT_EMBEDDING,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_OVERRIDE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_EMBEDDING,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_OVERRIDE,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_FORMAT,
          Character.DIRECTIONALITY_LEFT_TO_RIGHT_ISOLATE,
          Character.DIRECTIONALITY_RIGHT_TO_LEFT_ISOLATE,
          Character.DIRECTIONALITY_FIRST_STRONG_ISOLATE,
          Character.DIRECTIONALITY_POP_DIRECTIONAL_ISOLATE ->
          true;
      default -> codePoint == 0x200E || codePoint == 0x200F || codePoint == 0x61C;
    };
  }
}
