package dev.topology.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.initramfs.FileTree;
import dev.topology.testing.TestHost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest answers, whose scripts may have failed or may be hostile. */
class PackageConfigurationTest {

  @TempDir Path directory;

  private final FileTree image = new FileTree();
  private final FileTree tools = new FileTree();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(sent, "UTF-8");
  private StagedFiles staged;

  @BeforeEach
  void open() throws IOException {
    staged = new StagedFiles(directory.resolve("staged"));
  }

  @Test
  void filesOfScriptsComeIntoTheImageAndThoseOfToolsDoNot() throws IOException {
    tools.text("usr/bin/perl", 0755, "tool");
    file("etc/passwd", "root:x:0:0::/root:/bin/sh");
    file("usr/bin/perl", "changed");
    file("var/lib/dpkg/status", "trace");
    file("etc/passwd-", "trace");

    lay();

    assertThat(Files.readString(image.content("etc/passwd").orElseThrow())).contains("root");
    assertThat(image.contains("usr/bin/perl")).isFalse();
    assertThat(image.contains("var/lib/dpkg/status")).isFalse();
    assertThat(image.contains("etc/passwd-")).isFalse();
  }

  @Test
  void alternativesOfToolsAreLeftToBusybox() throws IOException {
    image.link("usr/bin/awk", "busybox").text("usr/bin/more", 0755, "");
    tools.text("usr/bin/mawk", 0755, "tool");
    link("usr/bin/awk", "/etc/alternatives/awk");
    link("etc/alternatives/awk", "/usr/bin/mawk");
    link("usr/bin/pager", "/etc/alternatives/pager");
    link("etc/alternatives/pager", "/bin/more");
    link("etc/mtab", "../proc/self/mounts");

    lay();

    assertThat(image.linkTarget("usr/bin/awk")).hasValue("busybox");
    assertThat(image.contains("etc/alternatives/awk")).isFalse();
    assertThat(image.linkTarget("usr/bin/pager")).hasValue("/etc/alternatives/pager");
    assertThat(image.contains("etc/mtab")).isTrue();
  }

  @Test
  void noPathLeavesTheImage() throws IOException {
    file("../../outside", "hostile");
    file("/absolute", "hostile");
    link("way", "../../../..");
    file("way/out", "hostile");

    lay();

    assertThat(image.contains("outside")).isTrue();
    assertThat(image.contains("absolute")).isTrue();
    try (var files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(file -> assertThat(file.getParent()).isEqualTo(directory.resolve("staged")));
    }
  }

  @Test
  void anArchiveThatIsCutOffIsAnError() throws IOException {
    file("etc/passwd", "x".repeat(5000));
    byte[] cut = java.util.Arrays.copyOf(sent.toByteArray(), 2000);

    assertThatThrownBy(
            () -> new ConfiguredFiles(image, tools, staged).add(new ByteArrayInputStream(cut)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aNameOfABillionBytesIsRefusedUnread() throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
    entry.setSize(1_000_000_000);
    tar.putArchiveEntry(entry);
    ByteArrayInputStream start = new ByteArrayInputStream(sent.toByteArray());

    assertThatThrownBy(() -> new ConfiguredFiles(image, tools, staged).add(start))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("name has 1000000000 bytes");
  }

  @Test
  void longNamesAndTargetsArriveWhole() throws IOException {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    String deep = "etc/" + "deep/".repeat(60) + "file";
    file(deep, "content");
    TarArchiveEntry link = new TarArchiveEntry("etc/link", TarConstants.LF_SYMLINK);
    link.setLinkName("/" + deep);
    tar.putArchiveEntry(link);
    tar.closeArchiveEntry();

    lay();

    assertThat(Files.readString(image.content(deep).orElseThrow())).isEqualTo("content");
    assertThat(image.linkTarget("etc/link")).hasValue("/" + deep);
  }

  /** In a real guest, whose command is ended. */
  @Test
  void aCommandThatSaysNothingForTooLongIsEnded() throws Exception {
    Path boots = BuiltImage.get().directory();
    List<String> command = List.of("sh", "-c", "echo started; sleep 100000");

    try (BuildGuest guest = TestHost.imageBuilder().booter().boot(boots)) {
      assertThatThrownBy(() -> guest.run(command, Duration.ofSeconds(3), InputStream::readAllBytes))
          .isInstanceOf(BuildGuest.SilentException.class);
      assertThat(guest.run(List.of("true"), Duration.ofMinutes(5), InputStream::readAllBytes))
          .isZero();
    }
  }

  @Test
  void aScriptThatHangsIsNamed() {
    PackageConfiguration configuration = new PackageConfiguration(staged, new BuildListener() {});

    assertThatThrownBy(() -> configuration.run(there -> new Hanging(), directory, image))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("with package \"slow\"")
        .hasMessageContaining("wrote nothing for 5 minutes")
        .hasMessageContaining("reading from a device");
  }

  @Test
  void aScriptThatFailsIsNamedWithItsLastWordsMadeHarmless() {
    PackageConfiguration configuration = new PackageConfiguration(staged, new BuildListener() {});
    String words =
        """
        Setting up good (1.0) ...
        All is well
        Setting up bad (2.0) ...
        bad: \033[2Jno such thing
        dpkg: error processing package bad (--configure):
         installed bad package post-installation script subprocess returned error exit status 7
        """
            .replace("\\033", "\033");

    assertThatThrownBy(() -> configuration.run(there -> new Answering(words, 1), directory, image))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("with package \"bad\"")
        .hasMessageContaining("no such thing")
        .hasMessageContaining("exit status 7")
        .hasMessageContaining("Leave the package out")
        .hasMessageNotContainingAny("\033", "All is well");
  }

  /** A guest that says the same to every command. */
  private record Answering(String text, int status) implements BuildGuest {

    @Override
    public int run(List<String> command, Duration silence, Reader reader) throws IOException {
      try (InputStream in = new ByteArrayInputStream(text.getBytes(UTF_8))) {
        reader.read(in);
      }
      return status;
    }

    @Override
    public void close() {}
  }

  /** A guest whose script of package "slow" never ends. */
  private static final class Hanging implements BuildGuest {

    @Override
    public int run(List<String> command, Duration silence, Reader reader)
        throws SilentException, IOException {
      String words = "Setting up slow:amd64 (1.0) ...\nreading from a device\n";
      reader.read(new ByteArrayInputStream(words.getBytes(UTF_8)));
      throw new SilentException(silence);
    }

    @Override
    public void close() {}
  }

  private void lay() throws IOException {
    tar.finish();
    new ConfiguredFiles(image, tools, staged).add(new ByteArrayInputStream(sent.toByteArray()));
  }

  private void file(String path, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(path, /* preserveAbsolutePath= */ true);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private void link(String path, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
