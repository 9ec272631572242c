package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRecipeTest {

  private static final InstalledImage IMAGE =
      new InstalledImage(
          "router",
          Path.of("/images/router"),
          Path.of("/images/router/kernel"),
          Path.of("/images/router/initramfs"),
          "",
          Optional.empty(),
          "6.1.0",
          Optional.empty(),
          List.of("bird2=2.0.12-7", "libc6=2.36-9"),
          "1");

  @ParameterizedTest
  @ValueSource(strings = {"bird2", "bird2=2.0.12-7", "bird2:amd64"})
  void isServedByAnImageThatHasItsPackages(String wanted) {
    assertThat(new ImageRecipe("router", List.of("libc6", wanted)).isServedBy(IMAGE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bird", "bird2=2.1", "frr"})
  void isNotServedByAnImageThatLacksOne(String wanted) {
    assertThat(new ImageRecipe("router", List.of("libc6", wanted)).isServedBy(IMAGE)).isFalse();
  }
}
