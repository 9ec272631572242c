package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.Addressing.AddressPool;
import dev.topology.model.InterfaceAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressPoolTest {

  @Test
  void givesEachCableThePairOfItsIndex() {
    assertThat(leftAddresses(3)).containsExactly("10.64.0.0/31", "10.64.0.2/31", "10.64.0.4/31");
    assertThat(new AddressPool().pairFor(5).orElseThrow().right()).hasToString("10.64.0.11/31");
  }

  @Test
  void skipsNetworksOfTheUser() {
    assertThat(leftAddresses(3, "10.64.0.2/31"))
        .containsExactly("10.64.0.0/31", "10.64.0.4/31", "10.64.0.6/31");
    assertThat(leftAddresses(2, "10.64.0.9/24")).containsExactly("10.64.1.0/31", "10.64.1.2/31");
  }

  @Test
  void skipsNetworksInsideEachOtherInAnyOrder() {
    List<String> beyond = List.of("10.64.1.0/31");

    assertThat(leftAddresses(1, "10.64.0.9/24", "10.64.0.9/30", "10.64.0.1/32")).isEqualTo(beyond);
    assertThat(leftAddresses(1, "10.64.0.1/32", "10.64.0.9/30", "10.64.0.9/24")).isEqualTo(beyond);
  }

  @Test
  void skipsOnlyTheAddressOfNetworkLargerThanItself() {
    assertThat(leftAddresses(2, "10.64.0.1/8")).containsExactly("10.64.0.2/31", "10.64.0.4/31");
  }

  @Test
  void caresForNothingOutside() {
    assertThat(leftAddresses(1, "10.0.0.1/24", "10.128.0.1/10", "fd00::1/64"))
        .containsExactly("10.64.0.0/31");
  }

  @Test
  void runsDry() {
    AddressPool pool = new AddressPool();

    assertThat(pool.pairFor((1 << 21) - 1).orElseThrow().right()).hasToString("10.127.255.255/31");
    assertThat(pool.pairFor(1 << 21)).isEmpty();
  }

  private static List<String> leftAddresses(int cables, String... taken) {
    AddressPool pool = new AddressPool();
    Stream.of(taken).map(it -> InterfaceAddress.parse(it).orElseThrow()).forEach(pool::avoid);
    return IntStream.range(0, cables)
        .mapToObj(it -> pool.pairFor(it).orElseThrow().left().toString())
        .toList();
  }
}
