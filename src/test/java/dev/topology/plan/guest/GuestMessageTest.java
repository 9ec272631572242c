package dev.topology.plan.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.console.GuestText;
import dev.topology.plan.guest.Greeting.Moment;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestMessageTest {

  @Test
  void readsWhatAGuestSays() {
    assertThat(GuestMessage.parse("hello 1")).isEqualTo(new GuestMessage.Hello(1));
    assertThat(GuestMessage.parse("ready\r")).isEqualTo(new GuestMessage.Ready());
    assertThat(GuestMessage.parse("exit 0")).isEqualTo(new GuestMessage.Exit(0));
    assertThat(GuestMessage.parse("exit 255")).isEqualTo(new GuestMessage.Exit(255));
    assertThat(GuestMessage.parse("error cannot set address on eth1: Invalid argument"))
        .isEqualTo(
            new GuestMessage.Failure(
                GuestText.line("cannot set address on eth1: Invalid argument")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "hello x",
        "exit",
        "exit -1",
        "exit 256",
        "exit 99999999999",
        "readyy"
      })
  void takesAnythingElseForMalformed(String line) {
    assertThat(GuestMessage.parse(line))
        .isEqualTo(new GuestMessage.Malformed(GuestText.line(line)));
  }

  @Test
  void writesTheMomentOfTheStart() {
    Instant clock = Instant.ofEpochSecond(1_763_850_000, 5_999_999);

    assertThat(Moment.of(clock, new byte[] {0x4f, 0x0c}).lines())
        .containsExactly("clock 1763850000.005", "seed 4f0c");
  }
}
