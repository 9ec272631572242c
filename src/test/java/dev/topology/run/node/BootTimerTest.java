package dev.topology.run.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.run.node.TimerWatch.BootTimer;
import org.junit.jupiter.api.Test;

/** Answers of QEMU 7.2, cut to what matters. */
class BootTimerTest {

  private static final String IDLE = "RIP=ffffffff81a1e2fb RFL=00000246 [---Z-P-] CPL=0 HLT=1";
  private static final String BUSY = "RIP=ffffffff83069a1b RFL=00000246 [---Z-P-] CPL=0 HLT=0";

  private static String lapic(String entry, long initialCount) {
    return "LVTERR\t 0x000000fe active-hi edge                Fixed  (vec 254)\r\n"
        + "LVTT\t %s active-hi edge  masked         periodic     Fixed  (vec 236)\r\n"
            .formatted(entry)
        + "Timer\t DCR=0x3 (divide by 16) initial_count = %d current_count = 49500264\r\n"
            .formatted(initialCount);
  }

  @Test
  void isNotSetUpBeforeTheKernelComesToIt() {
    assertThat(BootTimer.of(lapic("0x00010000", 0), BUSY)).isEqualTo(BootTimer.NOT_SET_UP);
  }

  @Test
  void isNotSetUpWhileItIsMeasured() {
    assertThat(BootTimer.of(lapic("0x000300ec", 268435455), BUSY)).isEqualTo(BootTimer.NOT_SET_UP);
  }

  @Test
  void isGivenUpWhenTheGuestIdlesWithWhatTheMeasuringLeft() {
    assertThat(BootTimer.of(lapic("0x000300ec", 268435455), IDLE)).isEqualTo(BootTimer.GIVEN_UP);
  }

  @Test
  void isSetUpOnceItTicks() {
    assertThat(BootTimer.of(lapic("0x000200ec", 247478), BUSY)).isEqualTo(BootTimer.SET_UP);
    assertThat(BootTimer.of(lapic("0x000100ec", 0), IDLE)).isEqualTo(BootTimer.SET_UP);
  }

  /** A timer that is masked may count from elsewhere, or have no vector yet whatever it counts. */
  @Test
  void isJudgedByBothItsEntryAndItsCount() {
    assertThat(BootTimer.of(lapic("0x000300ec", 4711), IDLE)).isEqualTo(BootTimer.SET_UP);
    assertThat(BootTimer.of(lapic("0x000200ec", 268435455), IDLE)).isEqualTo(BootTimer.SET_UP);
    assertThat(BootTimer.of(lapic("0x00030000", 268435455), IDLE)).isEqualTo(BootTimer.NOT_SET_UP);
    assertThat(BootTimer.of("LVTT\t 0x000300ec active-hi", IDLE)).isEqualTo(BootTimer.SET_UP);
  }

  @Test
  void isLeftAloneWhereQemuSaysSomethingElse() {
    assertThat(BootTimer.of("Unknown command", "")).isEqualTo(BootTimer.SET_UP);
  }
}
