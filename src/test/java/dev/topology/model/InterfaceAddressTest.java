package dev.topology.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceAddressTest {

  /** RFC 5952, section 4.2: the longest run of zeros is left out, the first of equal ones. */
  @ParameterizedTest
  @CsvSource({
    "FD00:0003:0:0:0:0:0:2, fd00:3::2",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "0:0:1:0:0:1:1:1, ::1:0:0:1:1:1",
    "10.0.3.1, 10.0.3.1",
  })
  void printsAddressesAsShortAsTheyGo(String written, String shortest) {
    assertThat(IpAddress.parse(written).orElseThrow()).hasToString(shortest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"300.1.1.1", "1.2.3", "010.0.0.1", "localhost", "a:b", "fe80::1%eth0", ""})
  void takesNothingElseForAnAddress(String text) {
    assertThat(IpAddress.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "0.0.0.0, 127.0.0.2, true",
    "0.0.0.0, ::1, false",
    "::, 127.0.0.2, true",
    "::, ::1, true",
    "::, 0.0.0.0, true",
    "::1, ::2, false",
  })
  void knowsWhereOnePortCannotBeListenedAtTwice(String one, String other, boolean shared) {
    IpAddress left = IpAddress.parse(one).orElseThrow();
    IpAddress right = IpAddress.parse(other).orElseThrow();

    assertThat(left.sharesPortsWith(right)).isEqualTo(shared);
    assertThat(right.sharesPortsWith(left)).isEqualTo(shared);
  }

  @Test
  void knowsItsNetwork() {
    assertThat(address("10.0.3.77/26").network()).hasToString("10.0.3.64/26");
    assertThat(address("fd00:3::77/64").network()).hasToString("fd00:3::/64");
    assertThat(address("10.0.3.64/26").isNetwork()).isTrue();
    assertThat(address("10.0.3.127/26").isBroadcast()).isTrue();
    assertThat(address("10.0.3.65/26").isBroadcast()).isFalse();
  }

  @Test
  void coversWhatIsReachedWithoutRouter() {
    assertThat(address("10.0.3.1/24").covers(address("10.0.3.254/8").address())).isTrue();
    assertThat(address("10.0.3.1/24").covers(address("10.0.4.1/8").address())).isFalse();
    assertThat(address("0.0.0.0/0").covers(address("fd00::1/64").address())).isFalse();
  }

  @Test
  void overlapsWhatLiesInsideOrAround() {
    assertThat(address("10.0.0.1/8").overlaps(address("10.9.9.9/32"))).isTrue();
    assertThat(address("10.9.9.9/32").overlaps(address("10.0.0.1/8"))).isTrue();
    assertThat(address("10.0.1.1/24").overlaps(address("10.0.2.1/24"))).isFalse();
  }

  private static InterfaceAddress address(String text) {
    return InterfaceAddress.parse(text).orElseThrow();
  }
}
