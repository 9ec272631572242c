package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.oci.LayoutMaker;
import dev.topology.image.oci.TarMaker;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePullVerbTest {

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void setUp() {
    place = new Place(directory);
  }

  @Test
  void anImportedImageIsListedUntilItIsRemoved() throws Exception {
    new LayoutMaker(directory.resolve("layout"))
        .layer(new TarMaker().file("text", "text").bytes())
        .image("v1", Map.of());

    ProgramRun run =
        place.run("image", "import", "--arch=amd64", "oci:layout:v1", "docker.io/me/app:1");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(place.run("image", "list").out()).contains("docker.io/me/app:1");
    assertThat(place.run("image", "remove", "docker.io/me/app:1").code()).isEqualTo(ExitCode.DONE);
    assertThat(place.run("image", "list").out()).doesNotContain("docker.io/me/app:1");
  }

  @Test
  void saysHowImagesAreNamed() {
    assertMistake(
        "what is imported is oci:FILE or oci:DIRECTORY, not \"app.tar\"",
        "import",
        "app.tar",
        "docker.io/me/app:1");
    assertMistake(
        "\"oci:b\" is not the name of an image of a registry, such as docker.io/library/debian:12",
        "import",
        "oci:a",
        "oci:b");
    assertMistake("\"nginx\" names no container image: a registry's begins", "pull", "nginx");
    assertMistake("begins with its registry: \"docker.io/nginx:1.27\"", "pull", "nginx:1.27");
    assertMistake("did you mean \"docker.io/debian\"?", "pull", "docker://debian");
    assertMistake("did you mean \"ghcr.io/me/app:V1\"?", "pull", "https://ghcr.io/Me/app:V1");
  }

  @Test
  void saysWhatHelpsWhereARegistryIsOutOfReach() {
    ProgramRun run = place.run("image", "pull", "127.0.0.1:1/app");

    assertThat(run.code()).isEqualTo(ExitCode.UNFIT_HOST);
    assertThat(run.err())
        .contains("127.0.0.1:1 cannot be reached. If there is a proxy, set HTTPS_PROXY. ")
        .endsWith("topology image import oci:FILE 127.0.0.1:1/app:latest\n");
  }

  private void assertMistake(String message, String verb, String... images) {
    String[] arguments = new String[2 + images.length];
    arguments[0] = "image";
    arguments[1] = verb;
    System.arraycopy(images, 0, arguments, 2, images.length);

    ProgramRun run = place.run(arguments);

    assertThat(run.code()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run.err()).contains(message);
  }
}
