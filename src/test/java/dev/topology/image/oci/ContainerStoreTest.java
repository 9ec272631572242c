package dev.topology.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.image.oci.ContainerStore.StoredImage;
import dev.topology.image.oci.LayerMerger.Limits;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.ContainerReference.Local;
import dev.topology.model.ContainerReference.Remote;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class ContainerStoreTest {

  private static final Map<String, Object> CONFIG =
      Map.of("Entrypoint", List.of("/bin/x"), "Env", List.of("A=1"));

  @TempDir private Path directory;
  private Path layout;
  private Path storeRoot;
  private ContainerStore store;

  @BeforeEach
  void setUp() {
    layout = directory.resolve("layout");
    storeRoot = directory.resolve("store");
    store =
        new ContainerStore(storeRoot, Map.of(), new Limits(1 << 20, 100), Duration.ofMinutes(1));
  }

  @Test
  void oneImageIsOneDiskHoweverItIsKept() throws Exception {
    new LayoutMaker(layout).layer(tar("text")).image("v1", CONFIG);
    Path saved = archive(layout, "saved.tar");

    Path disk = store.ensure(local(layout, ""), Architecture.AMD64, new BuildListener() {});

    assertThat(disk).isRegularFile().isEqualTo(store.disk(local(layout, "v1"), Architecture.AMD64));
    assertThat(store.ensure(local(saved, ""), Architecture.AMD64, new BuildListener() {}))
        .isEqualTo(disk);
    assertThat(content(disk)).contains("text", "entry=/bin/x\0", "environment=A=1\0");
  }

  @Test
  void readsWhatDockerSaved() throws Exception {
    byte[] tar = tar("from docker");
    Path docker = directory.resolve("docker");
    Path made = Files.createDirectories(docker.resolve("layer"));
    Files.write(made.resolve("layer.tar"), tar);
    Files.createSymbolicLink(made.resolveSibling("same.tar"), Path.of("layer/layer.tar"));
    Files.writeString(
        made.resolveSibling("config.json"),
        """
        {"os": "linux", "architecture": "amd64", "config": {"Cmd": ["x"]},
         "rootfs": {"diff_ids": ["%1$s", "%1$s"]}}
        """
            .formatted(Digest.of(tar)));
    Files.writeString(
        made.resolveSibling("manifest.json"),
        """
        [{"Config": "config.json", "RepoTags": ["app:1"], "Layers": ["layer/layer.tar", "same.tar"]}]
        """);
    Path saved = archive(docker, "saved.tar");

    assertThat(
            content(
                store.ensure(local(saved, "app:1"), Architecture.AMD64, new BuildListener() {})))
        .contains("from docker");
    assertRefused(local(saved, "app:2"), "there is no image \"app:2\", but \"app:1\"");
  }

  @Test
  void takesTheImageForTheGuest() throws Exception {
    new LayoutMaker(layout)
        .layer(tar("x"))
        .imageFor("all", "arm64", "amd64")
        .imageFor("arm", "arm64", "s390x");

    assertThat(
            content(store.ensure(local(layout, "all"), Architecture.AMD64, new BuildListener() {})))
        .contains("command=amd64\0");
    assertRefused(
        local(layout, "arm"), "it has no image for linux/amd64, but for linux/arm64, linux/s390x");
    assertRefused(
        local(layout, ""), "say which of its images: oci:PATH:NAME. There is \"all\", \"arm\"");
    new LayoutMaker(layout).architecture("riscv64").layer(tar("x")).image("v1", CONFIG);
    assertRefused(local(layout, ""), "it is for linux/riscv64, and the node is linux/amd64");
  }

  @Test
  void unpacksWhatIsCompressedInWhateverWay() throws Exception {
    byte[] tar = tar("text");
    Path plain = Files.write(directory.resolve("plain"), tar);
    Process zstd = new ProcessBuilder("zstd", "-c", plain.toString()).start();
    for (byte[] packed : List.of(zstd.getInputStream().readAllBytes(), xz(tar), tar)) {
      String size = String.valueOf(packed.length);
      new LayoutMaker(layout).layer(tar, packed).image("v1", Map.of("Cmd", List.of(size)));

      assertThat(
              content(store.ensure(local(layout, ""), Architecture.AMD64, new BuildListener() {})))
          .contains("text", "command=" + size + "\0");
    }
  }

  @Test
  void aCompressedArchiveIsUnpackedOnce() throws Exception {
    new LayoutMaker(layout).layer(tar("text")).image("v1", CONFIG);
    Path saved = archive(layout, "saved.tar");
    Path disk = store.ensure(local(saved, ""), Architecture.AMD64, new BuildListener() {});
    Process zstd = new ProcessBuilder("zstd", "-c", saved.toString()).start();
    for (byte[] bytes :
        List.of(
            zstd.getInputStream().readAllBytes(),
            xz(Files.readAllBytes(saved)),
            Files.readAllBytes(gzip(Files.readAllBytes(saved)).path()))) {
      Path packed = Files.write(directory.resolve("packed." + bytes.length), bytes);

      assertThat(store.disk(local(packed, ""), Architecture.AMD64)).doesNotExist();
      assertThat(store.ensure(local(packed, ""), Architecture.AMD64, new BuildListener() {}))
          .isEqualTo(disk);
      assertThat(store.disk(local(packed, ""), Architecture.AMD64)).isEqualTo(disk);
      ContainerStore other = new ContainerStore(directory.resolve("other"), Map.of());
      other.importAs(
          new Remote("localhost", "app", Optional.of("1"), Optional.empty()),
          new Local(packed, Optional.empty()),
          Architecture.AMD64,
          new BuildListener() {});
      assertThat(other.list()).extracting(StoredImage::name).containsExactly("localhost/app:1");
      FileTime made = Files.getLastModifiedTime(packed);
      byte[] damaged = Files.readAllBytes(packed);
      Arrays.fill(damaged, 100, damaged.length, (byte) 'x');
      Files.write(packed, damaged);
      Files.setLastModifiedTime(packed, made);
      assertThat(store.ensure(local(packed, ""), Architecture.AMD64, new BuildListener() {}))
          .isEqualTo(disk);
      Files.setLastModifiedTime(packed, FileTime.fromMillis(made.toMillis() + 1000));
      assertRefused(local(packed, ""), "the archive cannot be unpacked: ");
    }
  }

  @Test
  void whatIsWrongWithACompressedArchiveIsSaid() throws Exception {
    assertRefused(gzip(new byte[4 << 20]), "it has more than 1 MiB, unpacked");
    assertRefused(gzip("no archive".repeat(100).getBytes(UTF_8)), "it is not a tar archive");
    assertRefused(gzip(tar("of what is no image")), "neither an index.json nor a manifest.json");
    Path whole = directory.resolve("packed");
    byte[] all = Files.readAllBytes(whole);
    Files.write(whole, Arrays.copyOf(all, all.length - 20));
    assertRefused(local(whole, ""), "the archive cannot be unpacked: it is cut off");
  }

  private static byte[] xz(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (XZOutputStream packer = new XZOutputStream(packed, new LZMA2Options())) {
      packer.write(content);
    }
    return packed.toByteArray();
  }

  private Local gzip(byte[] content) throws IOException {
    Path packed = directory.resolve("packed");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(content);
    }
    return new Local(packed, Optional.empty());
  }

  @Test
  void damageIsFoundAndLeavesNothing() throws Exception {
    byte[] big = tar("y".repeat(100_000));
    LayoutMaker maker = new LayoutMaker(layout).layer(tar("x")).layer(big).image("v1", CONFIG);
    byte[] packed = Files.readAllBytes(maker.packed(1));

    Files.write(maker.packed(1), Arrays.copyOf(packed, packed.length / 2));
    assertRefused(local(layout, ""), "layer 2 of 2: it is damaged: its digest is sha256:");
    byte[] flipped = packed.clone();
    flipped[packed.length / 2] ^= 1;
    Files.write(maker.packed(1), flipped);
    assertRefused(local(layout, ""), "layer 2 of 2: it is damaged");
    Files.delete(maker.packed(1));
    assertRefused(local(layout, ""), "layer 2 of 2 is missing");
    // Right where it is packed, and not what the configuration says when unpacked.
    new LayoutMaker(layout).layer(tar("other"), tar("one")).image("v1", CONFIG);
    assertRefused(local(layout, ""), "layer 1 of 1: it is damaged: its digest is sha256:");
  }

  @Test
  void aBombIsRefusedBeforeItFillsTheDisk() throws Exception {
    byte[] bomb = new TarMaker().file("a", "0".repeat(2 << 20)).bytes();
    new LayoutMaker(layout).layer(bomb).image("v1", CONFIG);
    assertRefused(local(layout, ""), "layer 1 of 1: its files have more than 1 MiB");

    ByteArrayOutputStream trailing = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(trailing)) {
      out.write(tar("x"));
      out.write(new byte[4 << 20]);
    }
    new LayoutMaker(layout).layer(tar("x"), trailing.toByteArray()).image("v1", CONFIG);
    assertRefused(local(layout, ""), "it has more than 1 MiB, unpacked");
  }

  @Test
  void saysWhatIsNoImage() throws Exception {
    Files.createDirectories(layout);
    assertRefused(local(layout, ""), "it holds neither an index.json nor a manifest.json");
    Files.writeString(layout.resolve("index.json"), "{");
    assertRefused(local(layout, ""), "index.json is not JSON");
    Files.writeString(layout.resolve("index.json"), "{\"manifests\": [{\"digest\": \"md5:1\"}]}");
    assertRefused(local(layout, ""), "a digest that is not sha256");
    Path gone = directory.resolve("gone");
    assertRefused(local(gone, ""), gone + ": no such file or directory");
    Path text = Files.writeString(directory.resolve("text"), "no archive".repeat(100));
    assertRefused(local(text, ""), "it is not a tar archive, or is damaged");
  }

  private void assertRefused(ContainerReference reference, String why) throws IOException {
    assertThatThrownBy(() -> store.ensure(reference, Architecture.AMD64, new BuildListener() {}))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("cannot use the container image " + reference + ": ")
        .hasMessageContaining(why);
    if (Files.exists(storeRoot)) {
      try (Stream<Path> left = Files.list(storeRoot)) {
        assertThat(left.map(it -> it.getFileName().toString()))
            .isSubsetOf(".lock", "disks", "archives");
      }
    }
  }

  private static ContainerReference local(Path path, String tag) {
    return new Local(path, Optional.of(tag).filter(it -> !it.isEmpty()));
  }

  private static byte[] tar(String text) {
    return new TarMaker().file("file", text).bytes();
  }

  private Path archive(Path content, String name) throws Exception {
    Path archive = directory.resolve(name);
    int status =
        new ProcessBuilder("tar", "-cf", archive.toString(), "-C", content.toString(), ".")
            .start()
            .waitFor();
    assertThat(status).isZero();
    return archive;
  }

  private static String content(Path disk) throws IOException {
    return new String(Files.readAllBytes(disk), StandardCharsets.ISO_8859_1);
  }
}
