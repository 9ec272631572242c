package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class VerbSpecTest {

  @ParameterizedTest
  @CsvSource({"90s, 90000", "90, 90000", "1.5m, 90000", "5min, 300000", "2h, 7200000", "20ms, 20"})
  void readsTimesAsUsersWriteThem(String text, long millis) {
    assertThat(VerbSpec.timeLimit(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-1s", "0", "0.0001s", "5x", "1e3", "9999999999s", "1h30m"})
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> VerbSpec.timeLimit(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("90s");
  }
}
