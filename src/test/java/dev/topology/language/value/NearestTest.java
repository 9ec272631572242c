package dev.topology.language.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTest {

  private static final List<String> NAMES =
      List.of("router", "router-1", "client", "a", "up", "host_network", "depends_on");

  @ParameterizedTest
  @CsvSource({
    "rotuer, router",
    "ruter, router",
    "routerr, router",
    "routor, router",
    "ROUTER, router",
    "router_1, router-1",
    "host-network, host_network",
    "hostNetwork, host_network",
    "dependson, depends_on",
    "rooter_11, router-1",
    "upp, up",
    "aa, a",
  })
  void findsWhatWasMeant(String written, String meant) {
    assertThat(Nearest.to(written, NAMES)).hasValue(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "xyz", "", "clientele-of-mine", "z", "ab", "r2"})
  void keepsSilentWhereNothingIsNear(String written) {
    assertThat(Nearest.to(written, List.of("router", "client", "host_network", "a", "r1")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"router", "router-1"})
  void neverSuggestsWhatWasWritten(String written) {
    assertThat(Nearest.to(written, NAMES)).isNotEqualTo(Optional.of(written));
  }
}
