package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.ImageRecipe.Flavour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void knowsAnImageThatIsNotAsItWasBuilt() throws Exception {
    Path directory = built("lab", "bird2", "tcpdump");
    ImageStore store = new ImageStore(root);
    assertThat(store.damage("lab")).isEmpty();

    Files.writeString(directory.resolve("initramfs"), "init");

    assertThat(store.damage("lab")).contains("its initramfs has 4 bytes instead of 9");
    assertThatThrownBy(() -> store.find("lab"))
        .hasMessage(
            "guest image \"lab\" is damaged: its initramfs has 4 bytes instead of 9."
                + " Build it again with \"topology image build\"");
    assertThat(store.list()).isEmpty();
    assertThat(store.recipe("lab")).contains(new ImageRecipe("lab", List.of("bird2", "tcpdump")));
  }

  @Test
  void knowsWhichKernelAnImageWasBuiltWith() throws Exception {
    ImageStore store = new ImageStore(root);
    ImageRecipe generic = new ImageRecipe("default", Flavour.GENERIC, List.of());
    assertThat(store.recipe("default")).contains(ImageRecipe.DEFAULT);

    new ImageManifest(image("default", "cmdline=quiet\n")).write(generic);

    assertThat(store.recipe("default")).contains(generic);
    assertThat(store.damage("default")).isEmpty();
    Path manifest = root.resolve("default/manifest");
    Files.writeString(manifest, Files.readString(manifest).replace("flavour generic\n", ""));
    assertThat(store.recipe("default")).contains(ImageRecipe.DEFAULT);
    assertThat(store.damage("default")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "initramfs", "image.properties"})
  void knowsContentThatHasChangedAndFilesThatAreMissing(String name) throws Exception {
    Path directory = built("lab");
    Path file = directory.resolve(name);
    byte[] content = Files.readAllBytes(file);
    content[2] ^= 1;
    Files.write(file, content);

    assertThat(new ImageStore(root).damage("lab"))
        .contains("the content of its " + name + " has changed");
    Files.delete(file);
    assertThat(new ImageStore(root).damage("lab")).isPresent();
  }

  @Test
  void readsAnImageThatWasCopiedOnce() throws Exception {
    Path directory = built("lab");
    Files.setLastModifiedTime(directory.resolve("kernel"), FileTime.fromMillis(0));
    List<String> before = Files.readAllLines(directory.resolve("manifest"));

    assertThat(new ImageStore(root).damage("lab")).isEmpty();

    List<String> after = Files.readAllLines(directory.resolve("manifest"));
    assertThat(after).isNotEqualTo(before);
    assertThat(new ImageStore(root).damage("lab")).isEmpty();
    assertThat(directory.resolve("manifest")).hasContent(String.join("\n", after));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 30, 60})
  void distrustsAManifestThatWasCutOff(int length) throws Exception {
    Path manifest = built("lab", "bird2").resolve("manifest");
    Files.writeString(manifest, Files.readString(manifest).substring(0, length));

    assertThat(new ImageStore(root).damage("lab")).contains("its manifest is not whole");
  }

  private Path built(String name, String... packages) throws IOException {
    Path directory = image(name, "cmdline=quiet\n");
    new ImageManifest(directory).write(new ImageRecipe(name, List.of(packages)));
    return directory;
  }

  private Path image(String name, String properties) throws IOException {
    Path directory = Files.createDirectory(root.resolve(name));
    Files.writeString(directory.resolve("kernel"), "kernel");
    Files.writeString(directory.resolve("initramfs"), "initramfs");
    Files.writeString(directory.resolve("image.properties"), properties);
    return directory;
  }
}
