package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {

  @TempDir Path root;

  @Test
  void findsAndListsWhatIsThere() throws Exception {
    image("router", "kernel-version=6.1.0\nbuilt=2026-11-22T10:00:00Z\npackages=bird2=2.0 a=1\n");
    image("default", "cmdline=quiet\nready=login:\n");
    Files.createDirectory(root.resolve(".build-1"));
    ImageStore store = new ImageStore(root);

    assertThat(store.list()).extracting(InstalledImage::name).containsExactly("default", "router");
    assertThat(store.find("none")).isEmpty();
    assertThat(store.find("../default")).isEmpty();
    InstalledImage router = store.find("router").orElseThrow();
    assertThat(router.built()).contains(Instant.parse("2026-11-22T10:00:00Z"));
    assertThat(router.packages()).isEqualTo(List.of("bird2=2.0", "a=1"));
    assertThat(store.find("default").orElseThrow().ready()).contains("login:");
  }

  @Test
  void isEmptyWhereNothingWasEverBuilt() throws Exception {
    ImageStore store = new ImageStore(root.resolve("never"));

    assertThat(store.list()).isEmpty();
    assertThat(store.find("default")).isEmpty();
    assertThat(store.remove("default")).isFalse();
  }

  @Test
  void removesAnImageAndNothingElse() throws Exception {
    image("one", "");
    image("two", "");
    ImageStore store = new ImageStore(root);

    assertThat(store.remove("one")).isTrue();
    assertThat(store.remove("../" + root.getFileName())).isFalse();
    assertThat(store.list()).extracting(InstalledImage::name).containsExactly("two");
  }

  @Test
  void opensADirectoryOfTheUsersOwn() throws Exception {
    Path directory = image("mine", "");
    Files.delete(directory.resolve("image.properties"));

    InstalledImage image = ImageStore.open(directory);

    assertThat(image.name()).isEqualTo("mine");
    assertThat(image.kernel()).isEqualTo(directory.resolve("kernel"));
    assertThat(image.built()).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithAnImage() throws Exception {
    Path directory = image("broken", "built=yesterday\n");
    assertThatThrownBy(() -> ImageStore.open(directory))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("\"built\" is not a time like 2026-11-22T10:00:00Z: yesterday");

    Files.delete(directory.resolve("image.properties"));
    Files.delete(directory.resolve("initramfs"));
    assertThatThrownBy(() -> ImageStore.open(directory))
        .hasMessage(
            "cannot use %s as a guest image: it has no file \"initramfs\". An image is a directory"
                + " with the files \"kernel\" and \"initramfs\"",
            directory);

    assertThatThrownBy(() -> ImageStore.open(root.resolve("missing")))
        .hasMessageEndingWith("it is not a directory");
  }

  private Path image(String name, String properties) throws IOException {
    Path directory = Files.createDirectory(root.resolve(name));
    Files.writeString(directory.resolve("kernel"), "kernel");
    Files.writeString(directory.resolve("initramfs"), "initramfs");
    Files.writeString(directory.resolve("image.properties"), properties);
    return directory;
  }
}
