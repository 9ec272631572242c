package dev.topology.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "99, 99 ms",
    "100, 0.1 s",
    "1649, 1.6 s",
    "2000, 2 s",
    "59949, 59.9 s",
    "59950, 1 min",
    "65000, 1 min 5 s",
    "3600000, 1 h",
    "7380000, 2 h 3 min",
    "-1600, -1.6 s"
  })
  void durations(long millis, String text) {
    assertThat(HumanText.duration(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.0 s", "2000, 2.0 s", "59999, 59.9 s", "60000, 1 min", "61000, 1 min 1 s"})
  void elapsedTimes(long millis, String text) {
    assertThat(HumanText.elapsed(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "12345, 12.3 kB",
    "900000, 0.9 MB",
    "26700000, 26.7 MB",
    "999949999, 999.9 MB",
    "999950000, 1.0 GB",
    "21400000000, 21.4 GB"
  })
  void bytes(long bytes, String text) {
    assertThat(HumanText.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void lists() {
    assertThat(HumanText.list(List.of(), 2)).isEmpty();
    assertThat(HumanText.list(List.of("a"), 2)).isEqualTo("a");
    assertThat(HumanText.list(List.of("a", "b"), 2)).isEqualTo("a and b");
    assertThat(HumanText.list(List.of("a", "b", "c"), 2)).isEqualTo("a, b and c");
    assertThat(HumanText.list(List.of("a", "b", "c", "d", "e"), 2)).isEqualTo("a, b and 3 others");
  }

  @Test
  void counts() {
    assertThat(HumanText.count(1, "cable")).isEqualTo("1 cable");
    assertThat(HumanText.count(2, "node")).isEqualTo("2 nodes");
  }
}
