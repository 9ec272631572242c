package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.cli.DoctorVerb.ContainerImages;
import dev.topology.host.Checkup.Result;
import dev.topology.host.Checkup.Result.Level;
import dev.topology.launch.UserDirectories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says of container images. */
class ContainerImagesTest {

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void setUp() {
    environment.put("PATH", directory.toString());
    environment.put("XDG_CACHE_HOME", directory.toString());
    environment.put("DOCKER_CONFIG", directory.toString());
  }

  @Test
  void saysWhereTheyAreAndWhatReachesRegistries() throws Exception {
    Path place = directory.resolve("topology/containers");
    assertThat(finding().text())
        .startsWith("0 B in " + place + ", ")
        .endsWith(" free; logins: none");

    Files.createDirectories(place);
    Files.write(place.resolve("disk"), new byte[2_000_000]);
    environment.put("https_proxy", "http://me:secret@proxy.example:3128");
    logins("{\"auths\": {\"https://index.docker.io/v1/\": {}, \"ghcr.io\": {}}}");

    assertThat(finding().text())
        .startsWith("2.0 MB in ")
        .endsWith("; logins: docker.io, ghcr.io; proxy: proxy.example:3128");
  }

  @Test
  void saysWhatKeepsImagesFromBeingFetched() throws Exception {
    logins("{\"credsStore\": \"desktop\"}");
    assertThat(finding().level()).isEqualTo(Level.WARN);
    assertThat(finding().text())
        .contains("\"docker-credential-desktop\", which is not on the PATH");
    logins("{");
    assertThat(finding().text()).contains("config.json is not JSON");
    logins("{}");
    environment.put("ALL_PROXY", "no address");
    assertThat(finding().text()).isEqualTo("the variable ALL_PROXY has no address of a proxy");
    environment.put("ALL_PROXY", "://");
    assertThat(finding().text()).isEqualTo("the variable ALL_PROXY has no address of a proxy");
  }

  private void logins(String json) throws Exception {
    Files.writeString(directory.resolve("config.json"), json);
  }

  private Result finding() {
    return ContainerImages.finding(UserDirectories.of(environment, directory));
  }
}
