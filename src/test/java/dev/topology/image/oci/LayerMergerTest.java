package dev.topology.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.ImageException;
import dev.topology.image.erofs.Inode;
import dev.topology.image.erofs.Inode.Kind;
import dev.topology.image.oci.LayerMerger.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerMergerTest {

  @TempDir private Path directory;
  private int scratches;

  @Test
  void laterLayersReplaceAndKeepWhatEarlierOnesBrought() throws Exception {
    Inode root =
        merged(
            new TarMaker().owned(1, 2, 0750).directory("d").file("d/a", "old").file("d/b", "b"),
            new TarMaker().owned(3, 4, 0700).directory("d").file("d/a", "new").file("d/c/e", "e"));

    assertThat(paths(root)).containsExactly("d", "d/a", "d/b", "d/c", "d/c/e");
    assertThat(at(root, "d").attributes().mode()).isEqualTo(0700);
    assertThat(at(root, "d").attributes().user()).isEqualTo(3);
    assertThat(at(root, "d/b").attributes().group()).isEqualTo(2);
    assertThat(at(root, "d/c").attributes().mode()).isEqualTo(0755);
  }

  @Test
  void whiteoutsRemoveWhatIsBelowAndNotWhatTheirOwnLayerBrings() throws Exception {
    Inode root =
        merged(
            new TarMaker()
                .file("a", "")
                .file("d/x", "")
                .file("d/y", "")
                .file("o/x", "")
                .file("o/s/t", ""),
            new TarMaker()
                .file(".wh.a", "")
                .file("d/new", "")
                .file(".wh.d", "")
                .file("o/own", "")
                .file("o/.wh..wh.opq", "")
                .file("o/s/own", "")
                .file("o/.wh..wh.plnk", "")
                .file("missing/.wh.thing", ""));

    assertThat(paths(root)).containsExactly("d", "d/new", "o", "o/own", "o/s", "o/s/own");
  }

  @Test
  void pathsGoThroughSymbolicLinksInsideTheRoot() throws Exception {
    Inode root =
        merged(
            new TarMaker()
                .directory("usr/bin")
                .link("bin", "usr/bin")
                .link("up", "../../usr")
                .link("absolute", "/usr/bin")
                .link("later", "made"),
            new TarMaker()
                .file("bin/a", "")
                .file("up/bin/b", "")
                .file("absolute/c", "")
                .file("later/d", "")
                .file("bin/.wh.a", ""));

    assertThat(paths(root))
        .containsExactly(
            "absolute",
            "bin",
            "later",
            "made",
            "made/d",
            "up",
            "usr",
            "usr/bin",
            "usr/bin/a",
            "usr/bin/b",
            "usr/bin/c");
    assertThat(at(root, "bin").kind()).isEqualTo(Kind.SYMBOLIC_LINK);
  }

  @Test
  void aDirectoryReplacesALinkAndAFileADirectory() throws Exception {
    Inode root =
        merged(
            new TarMaker().link("bin", "usr").file("d/x", ""),
            new TarMaker().directory("bin").file("bin/a", "").file("d", ""));

    assertThat(paths(root)).containsExactly("bin", "bin/a", "d");
  }

  @Test
  void hardLinksAreOneFileAlsoAcrossLayers() throws Exception {
    Inode root =
        merged(
            new TarMaker().file("a", "text").hardLink("b", "/a"),
            new TarMaker().hardLink("c", "./a").file("a", "other"));

    assertThat(at(root, "b")).isSameAs(at(root, "c")).isNotSameAs(at(root, "a"));
  }

  @Test
  void attributesOfUseAreKeptAsTheyAre() throws Exception {
    byte[] capability = {1, 0, 0, 2, 0, 0x20, (byte) 0x80, (byte) 0xff, 0, 0};
    Inode root =
        merged(
            new TarMaker()
                .extended("SCHILY.xattr.security.capability", capability)
                .extended("SCHILY.xattr.trusted.overlay.redirect", new byte[] {'/'})
                .extended("path", "long/ü".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .file("short", ""));

    assertThat(at(root, "long/ü").attributes().extended()).containsOnlyKeys("security.capability");
    assertThat(at(root, "long/ü").attributes().extended().get("security.capability"))
        .isEqualTo(capability);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|../out||climbs out of the image's root",
        "0|a/../../out||climbs out of the image's root",
        "1|stolen|../../etc/passwd|climbs out of the image's root",
        "1|stolen|/etc/shadow|is a hard link to \"/etc/shadow\", which is no file",
        "1|stolen|.|which is no file",
        "0|loop/x||leads through symbolic links without end",
        "0|file/x||stands below \"file\", which is no directory",
        "2|empty||is a symbolic link with a target of no use",
        "4|sda||is the block device 8:0; a container image may hold no devices but null",
        "3|mem||is the character device 8:0",
      })
  void refusesWhatIsOfNoGood(char type, String name, String link, String why) {
    TarMaker layer = new TarMaker().link("loop", "loop").file("file", "");
    String target = link == null ? "" : link;
    if (type == '3' || type == '4') {
      layer.device(type, name, 8, 0);
    } else {
      layer.entry(type, name, target, 0, new byte[0]);
    }

    assertThatThrownBy(() -> merged(layer))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("its entry \"" + name + "\"")
        .hasMessageContaining(why);
  }

  @Test
  void harmlessDevicesStay() throws Exception {
    Inode root = merged(new TarMaker().device('3', "dev/null", 1, 3));

    assertThat(at(root, "dev/null").kind()).isEqualTo(Kind.CHARACTER_DEVICE);
  }

  @Test
  void refusesMoreThanAnImageMayHold() {
    assertThatThrownBy(() -> merged(new TarMaker().entry('0', "big", "", 1001, new byte[0])))
        .hasMessage("its files have more than 0 MiB");
    TarMaker many = new TarMaker();
    for (int i = 0; i <= 50; i++) {
      many.directory("d" + i);
    }
    assertThatThrownBy(() -> merged(many)).hasMessage("it has more than 50 files");
    TarMaker deep = new TarMaker();
    deep.entry(
        'L', "", "", 4002, "d/".repeat(2001).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThatThrownBy(() -> merged(deep.file("x", "")))
        .hasMessageContaining("1000 directories deep");
    assertThatThrownBy(
            () ->
                merged(
                    new TarMaker().extended("SCHILY.xattr.user.x", new byte[2000]).file("x", "")))
        .hasMessageContaining("more than 1024 bytes of extended attributes");
  }

  @Test
  void saysWhatIsWrongWithTheArchive() {
    byte[] whole = new TarMaker().file("a", "0123456789").bytes();
    assertThatThrownBy(() -> merged(java.util.Arrays.copyOf(whole, 515)))
        .isInstanceOf(IOException.class)
        .hasMessage("it is cut off");
    assertThatThrownBy(() -> merged(java.util.Arrays.copyOf(whole, 300)))
        .hasMessage("it is cut off");
    assertThatNoException().isThrownBy(() -> merged(java.util.Arrays.copyOf(whole, 522)));
    byte[] damaged = whole.clone();
    damaged[0] ^= 1;
    assertThatThrownBy(() -> merged(damaged)).hasMessage("it is not a tar archive, or is damaged");
    assertThatThrownBy(() -> merged(new TarMaker().entry('S', "a", "", 0, new byte[0])))
        .hasMessageContaining("\"a\" is an entry of the unknown type 83");
  }

  private Inode merged(TarMaker... layers) throws IOException, ImageException {
    byte[][] all = new byte[layers.length][];
    for (int i = 0; i < layers.length; i++) {
      all[i] = layers[i].bytes();
    }
    return merged(all);
  }

  private Inode merged(byte[]... layers) throws IOException, ImageException {
    try (FileChannel scratch =
        FileChannel.open(
            directory.resolve("scratch-" + scratches++),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      LayerMerger merger = new LayerMerger(scratch, new Limits(1000, 50));
      for (byte[] layer : layers) {
        merger.add(new ByteArrayInputStream(layer));
      }
      return merger.root();
    }
  }

  private static Set<String> paths(Inode directory) {
    TreeSet<String> paths = new TreeSet<>();
    directory
        .children()
        .forEach(
            (name, child) -> {
              paths.add(name);
              paths(child).forEach(below -> paths.add(name + "/" + below));
            });
    return paths;
  }

  private static Inode at(Inode root, String path) {
    Inode at = root;
    for (String name : path.split("/", -1)) {
      at = Objects.requireNonNull(at.children().get(name), path);
    }
    return at;
  }
}
