package dev.topology.image.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.topology.image.initramfs.OverlayWriter.AddedFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayWriterTest {

  @TempDir Path directory;

  private Path base;

  @BeforeEach
  void writeBase() throws IOException {
    base = directory.resolve("base");
    try (OutputStream out = Files.newOutputStream(base)) {
      baseTree().writeTo(out);
    }
  }

  @Test
  void keepsTheBaseAndAddsAnAlignedArchive() throws IOException {
    Path result = overlaid(new AddedFile("/etc/motd", file("motd", "rw-r-----", "hello")));

    byte[] bytes = Files.readAllBytes(result);
    byte[] baseBytes = Files.readAllBytes(base);
    assertThat(Arrays.copyOf(bytes, baseBytes.length)).isEqualTo(baseBytes);
    assertThat(added(result)).containsExactly(entry("etc/motd", "100640 hello"));
  }

  /** Of any other length it would be laid over the ACPI tables of Debian 13's firmware. */
  @Test
  void isOfWholePagesWhateverTheBaseIs() throws IOException {
    Files.write(base, new byte[3], StandardOpenOption.APPEND);
    assertThat(OverlayWriter.isAligned(base)).isFalse();

    assertThat(overlaid()).matches(OverlayWriter::isAligned);
    assertThat(overlaid(new AddedFile("/motd", file("motd", "rw-r-----", "hello"))))
        .matches(OverlayWriter::isAligned);
  }

  @Test
  void canHaveTheFilesAloneForAGuestThatHasUnpackedTheBase() throws IOException {
    AddedFile tool = new AddedFile("/lib/firmware/blob", file("tool", "rwxr-xr-x", "#!"));
    Path apart = directory.resolve("apart");

    OverlayWriter.writeApart(base, List.of(tool), apart);

    assertThat(Files.size(apart) % 4096).isZero();
    assertThat(Cpio.entries(Files.readAllBytes(apart))).isEqualTo(added(overlaid(tool)));
  }

  @Test
  void makesOnlyDirectoriesThatTheBaseLacks() throws IOException {
    Path tool = file("tool", "rwxr-xr-x", "#!");

    Path result =
        overlaid(
            new AddedFile("/bin/tool", tool),
            new AddedFile("/lib/firmware/blob", tool),
            new AddedFile("/srv/www/index", tool));

    assertThat(added(result).keySet())
        .containsExactly(
            "bin/tool", "lib/firmware", "lib/firmware/blob", "srv", "srv/www", "srv/www/index");
  }

  @Test
  void seesThroughACompressedBase() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(base))) {
      baseTree().writeTo(out);
    }

    Path result = overlaid(new AddedFile("/bin/tool", file("tool", "rwxr-xr-x", "#!")));

    assertThat(added(result)).containsOnlyKeys("bin/tool");
  }

  @Test
  void laysADirectoryWithItsLinksAndModes() throws IOException {
    Path site = Files.createDirectory(directory.resolve("site"));
    Files.setPosixFilePermissions(site, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(site.resolve("page"), "text");
    Files.setPosixFilePermissions(
        site.resolve("page"), PosixFilePermissions.fromString("r--r--r--"));
    Files.createSymbolicLink(site.resolve("index"), Path.of("page"));

    assertThat(added(overlaid(new AddedFile("srv", site), new AddedFile("/etc", site))))
        .containsExactly(
            entry("etc/index", "120777 page"),
            entry("etc/page", "100444 text"),
            entry("srv", "40700"),
            entry("srv/index", "120777 page"),
            entry("srv/page", "100444 text"));
  }

  @Test
  void saysWhatCannotBeLaid() throws IOException {
    Path file = file("file", "rw-r--r--", "");

    assertThatThrownBy(() -> overlaid(new AddedFile("/etc/x", directory.resolve("missing"))))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot put %s into the initramfs at /etc/x: there is no such file",
            directory.resolve("missing"));
    assertThatThrownBy(() -> overlaid(new AddedFile("/usr", file)))
        .hasMessageEndingWith("the initramfs has a directory there");
    assertThatThrownBy(() -> overlaid(new AddedFile("/dev/null", Path.of("/dev/null"))))
        .hasMessageEndingWith("it is neither a file nor a directory");
  }

  @Test
  void saysWhichInitramfsCannotBeRead() throws IOException {
    Path file = file("file", "rw-r--r--", "");
    Files.delete(base);
    assertThatThrownBy(() -> overlaid(new AddedFile("/x", file)))
        .hasMessage("cannot read the initramfs %s: no such file", base);

    Files.writeString(base, "070701 and then nothing that makes sense");
    assertThatThrownBy(() -> overlaid(new AddedFile("/x", file)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot read the initramfs " + base);
  }

  private static FileTree baseTree() {
    return new FileTree()
        .directory("usr/bin", 0755)
        .directory("usr/lib", 0755)
        .directory("etc", 0755)
        .link("bin", "usr/bin")
        .link("lib", "/usr/lib")
        .text("usr/bin/sh", 0755, "#!");
  }

  private Path file(String name, String permissions, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private Path overlaid(AddedFile... files) throws IOException {
    Path target = directory.resolve("result");
    OverlayWriter.write(base, List.of(files), target);
    return target;
  }

  private Map<String, String> added(Path result) throws IOException {
    byte[] bytes = Files.readAllBytes(result);
    int start = (int) (Files.size(base) + 4095) / 4096 * 4096;
    try (InputStream in = new ByteArrayInputStream(bytes, start, bytes.length - start)) {
      return Cpio.entries(in);
    }
  }
}
