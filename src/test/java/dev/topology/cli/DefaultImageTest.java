package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.DoctorVerb.DefaultImage;
import dev.topology.host.Checkup.Result;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Architecture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultImageTest {

  @TempDir private Path directory;

  @Test
  void saysWhatBuildingItWillNeed() throws Exception {
    assertThat(finding().text()).contains("not built yet", "zstd is not installed");
    assertThat(finding().remedy()).get().asString().contains("apt-get install zstd");

    Files.setPosixFilePermissions(
        Files.createFile(directory.resolve("zstd")), PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(finding().text()).isEqualTo("default is not built yet");
  }

  private Result finding() {
    Map<String, String> environment =
        Map.of("PATH", "/nowhere::" + directory, "XDG_CACHE_HOME", directory.toString());
    return DefaultImage.finding(UserDirectories.of(environment, directory), Architecture.AMD64);
  }
}
