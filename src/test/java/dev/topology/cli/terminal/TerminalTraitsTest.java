package dev.topology.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.terminal.Palette.ColorChoice;
import dev.topology.cli.terminal.Palette.ColorDepth;
import dev.topology.cli.terminal.TerminalDevice.WindowSize;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTraitsTest {

  @ParameterizedTest
  @CsvSource({
    "xterm-256color,      , AUTO,   true,  WIDE",
    "xterm,               , AUTO,   true,  BASIC",
    "xterm-256color,      , AUTO,   false, NONE",
    "xterm-256color,     1, AUTO,   true,  NONE",
    "xterm-256color,     1, ALWAYS, false, WIDE",
    "xterm-256color,      , NEVER,  true,  NONE",
    "dumb,                , AUTO,   true,  NONE",
    ",                    , AUTO,   true,  NONE",
    ",                    , ALWAYS, false, BASIC"
  })
  void colors(String term, String noColor, ColorChoice choice, boolean tty, ColorDepth depth) {
    Map<String, String> environment = new HashMap<>();
    put(environment, "TERM", term);
    put(environment, "NO_COLOR", noColor);

    assertThat(TerminalTraits.of(environment, choice, tty, false).outColors()).isEqualTo(depth);
  }

  @ParameterizedTest
  @CsvSource({
    "      ,       ,            , false",
    "      ,       , C.UTF-8    , true",
    "      ,       , de_DE.utf8 , true",
    "C     ,       , C.UTF-8    , false",
    "      , POSIX , C.UTF-8    , false",
    "C.UTF-8, C    , C          , true"
  })
  void characters(String all, String ctype, String lang, boolean unicode) {
    Map<String, String> environment = new HashMap<>();
    put(environment, "LC_ALL", all);
    put(environment, "LC_CTYPE", ctype);
    put(environment, "LANG", lang);

    assertThat(TerminalTraits.of(environment, ColorChoice.AUTO, true, true).unicode())
        .isEqualTo(unicode);
  }

  @Test
  void aDumbTerminalCannotMoveItsCursor() {
    assertThat(TerminalTraits.of(Map.of("TERM", "dumb"), ColorChoice.AUTO, true, true))
        .returns(false, TerminalTraits::outIsTerminal)
        .returns(false, TerminalTraits::errIsTerminal);
  }

  @ParameterizedTest
  @CsvSource({"100, 100", "0, ", "-1, ", "x, ", "99999, "})
  void columns(String variable, Integer columns) {
    TerminalTraits traits =
        TerminalTraits.of(Map.of("COLUMNS", variable), ColorChoice.AUTO, true, true);
    assertThat(traits.columns().isPresent()).isEqualTo(columns != null);
    traits.columns().ifPresent(known -> assertThat(known).isEqualTo(columns));
  }

  @ParameterizedTest
  @CsvSource({"24 132, 24, 132", "0 0, , ", "0 80, , ", "'', , ", "stty: error, , "})
  void answersOfStty(String answer, Integer rows, Integer columns) {
    Optional<WindowSize> size =
        Optional.ofNullable(rows).map(known -> new WindowSize(known, columns));
    assertThat(WindowSize.parse(answer)).isEqualTo(size);
  }

  private static void put(Map<String, String> environment, String name, String value) {
    if (value != null) {
      environment.put(name, value);
    }
  }
}
