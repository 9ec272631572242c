package dev.topology.image.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {

  @TempDir Path directory;

  @Test
  void writesEntriesInOrderWithTheirModes() throws IOException {
    Path script = Files.writeString(directory.resolve("script"), "echo\n");
    FileTree tree =
        new FileTree()
            .file("/usr/bin/script", 0755, script)
            .text("etc/hostname", 0640, "left\n")
            .link("bin", "usr/bin")
            .directory("tmp", 01777);

    assertThat(Cpio.entries(written(tree)))
        .containsExactly(
            entry("bin", "120777 usr/bin"),
            entry("etc", "40755"),
            entry("etc/hostname", "100640 left"),
            entry("tmp", "41777"),
            entry("usr", "40755"),
            entry("usr/bin", "40755"),
            entry("usr/bin/script", "100755 echo"));
  }

  @Test
  void givesTheSameBytesForTheSameFiles() throws IOException {
    byte[] one = written(new FileTree().text("a", 0644, "1").text("b/c", 0644, "2"));
    byte[] other = written(new FileTree().text("/b//c", 0644, "2").text("./a", 0644, "1"));

    assertThat(one).isEqualTo(other);
  }

  @Test
  void repeatsTheContentOfAFileForAnotherName() throws IOException {
    FileTree tree = new FileTree().text("one", 0755, "same").sameFile("two", "one");

    assertThat(Cpio.entries(written(tree))).containsEntry("two", "100755 same");
  }

  @Test
  void hasTheContentOfFilesThatSayTheyHaveNone() throws IOException {
    Path version = Path.of("/proc/version");
    assertThat(Files.size(version)).isZero();

    FileTree tree = new FileTree().file("host", 0444, version);

    assertThat(Cpio.entries(written(tree)))
        .containsEntry("host", "100444 " + Files.readString(version).strip());
  }

  @Test
  void rejectsPathsThatLeaveTheRoot() {
    FileTree tree = new FileTree();

    assertThatThrownBy(() -> tree.text("../etc/passwd", 0644, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../etc/passwd");
    assertThatThrownBy(() -> tree.text("/", 0644, "")).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] written(FileTree tree) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    tree.writeTo(out);
    return out.toByteArray();
  }
}
