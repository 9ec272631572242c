package dev.topology.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.suite.Finder.Finding;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FinderTest {

  @Test
  void findsTheEndsOfLines() {
    assertThat(find("^$", "")).isEqualTo(Finding.FOUND);
    assertThat(find("^$", "one")).isEqualTo(Finding.ABSENT);
    assertThat(find("^two$", "one\r\ntwo\r\nthree")).isEqualTo(Finding.FOUND);
    assertThat(find("one\ntwo", "one\r\ntwo")).isEqualTo(Finding.FOUND);
  }

  @Test
  void givesUpWhatWouldTakeForGood() {
    assertThat(find("(a|b)*c", "ab".repeat(100_000))).isEqualTo(Finding.TOO_COSTLY);
  }

  private static Finding find(String regex, String text) {
    return Finder.find(Pattern.compile(regex, Pattern.MULTILINE), text);
  }
}
