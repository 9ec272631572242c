package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.Architecture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserDirectoriesTest {

  private static final Path HERE = Path.of("/here");

  @Test
  void obeysTheBaseDirectorySpecification() {
    UserDirectories found =
        UserDirectories.of(
            Map.of("XDG_CACHE_HOME", "/cache", "XDG_RUNTIME_DIR", "/run/user/7", "HOME", "/home/u"),
            HERE);

    assertThat(found.cache()).isEqualTo(Path.of("/cache/topology"));
    assertThat(found.images(Architecture.AMD64)).isEqualTo(Path.of("/cache/topology/images"));
    assertThat(found.images(Architecture.ARM64)).isEqualTo(Path.of("/cache/topology/images-arm64"));
    assertThat(found.runtime()).isEqualTo(Path.of("/run/user/7/topology"));
  }

  @Test
  void fallsBackToTheHomeDirectoryAndAPrivateTemporaryOne() {
    UserDirectories found =
        UserDirectories.of(Map.of("HOME", "/home/u", "TMPDIR", "/var/tmp"), HERE);

    assertThat(found.cache()).isEqualTo(Path.of("/home/u/.cache/topology"));
    assertThat(found.runtime().getParent()).isEqualTo(Path.of("/var/tmp"));
    assertThat(found.runtime().getFileName().toString()).matches("topology-\\w+");
  }

  @Test
  void ignoresRelativePathsAndLivesWithoutAHome() {
    UserDirectories found =
        UserDirectories.of(Map.of("XDG_CACHE_HOME", "cache", "XDG_RUNTIME_DIR", ""), HERE);

    assertThat(found.cache()).isEqualTo(found.runtime().resolve("cache"));
    assertThat(found.runtime().getParent()).isEqualTo(Path.of("/tmp"));
  }
}
