package dev.topology.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.GuestFiles.StagedFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of packages in a guest where all programs are below /usr. */
class GuestFilesTest {

  @TempDir Path directory;
  private GuestFiles files;

  @BeforeEach
  void open() throws IOException {
    files = new GuestFiles(new StagedFiles(directory.resolve("staged")));
  }

  @Test
  void aLinkThatWouldLeadToItselfLeavesTheProgram() throws IOException {
    file("usr/bin/tool");
    link("bin/tool", "/usr/bin/tool");
    link("bin/tool", "../usr/bin/tool");

    assertThat(files.tree().content("usr/bin/tool")).isPresent();
  }

  @Test
  void theProgramMayComeAfterTheLink() throws IOException {
    link("bin/program", "/usr/bin/program");
    link("sbin/ip", "/bin/ip");
    link("usr/bin/tool", "/etc/alternatives/tool");
    file("bin/ip");
    file("usr/bin/program");

    assertThat(files.tree().content("usr/bin/program")).isPresent();
    assertThat(files.tree().content("usr/bin/ip")).isPresent();
    assertThat(files.tree().linkTarget("usr/sbin/ip")).hasValue("/bin/ip");
    assertThat(files.tree().linkTarget("usr/bin/tool")).hasValue("/etc/alternatives/tool");
  }

  @Test
  void aRelativeLinkLeadsWhereItsPackageMeansItTo() throws IOException {
    link("sbin/tool", "../etc/tool");
    link("lib/x86_64-linux-gnu/libx.so", "libx.so.1");
    link("usr/bin/vi", "../share/vi");

    assertThat(files.tree().linkTarget("usr/sbin/tool")).hasValue("/etc/tool");
    assertThat(files.tree().linkTarget("usr/lib/x86_64-linux-gnu/libx.so"))
        .hasValue("/usr/lib/x86_64-linux-gnu/libx.so.1");
    assertThat(files.tree().linkTarget("usr/bin/vi")).hasValue("../share/vi");
  }

  @Test
  void busyboxLeavesThePlaceToProgramsOfPackagesInBothDirectories() throws IOException {
    file("bin/busybox", "ELF\0[\0[[\0chroot\0ip\0ls\0modprobe\0route\0\0");
    file("bin/ip", "of a package");
    file("usr/bin/ls", "of coreutils");
    file("usr/sbin/chroot", "of coreutils");
    file("usr/sbin/route", "of a package");

    files.linkBusybox(Set.of());
    files.linkBusybox(Set.of("usr/sbin/chroot", "usr/bin/ls"));

    assertThat(files.tree().content("usr/bin/ip")).isPresent();
    assertThat(files.tree().contains("usr/sbin/ip")).isFalse();
    assertThat(files.tree().linkTarget("usr/sbin/chroot")).hasValue("../bin/busybox");
    assertThat(files.tree().linkTarget("usr/bin/ls")).hasValue("busybox");
    assertThat(files.tree().linkTarget("usr/sbin/modprobe")).hasValue("../bin/busybox");
    assertThat(files.tree().content("usr/sbin/route")).isPresent();
    assertThat(files.tree().contains("usr/bin/route")).isFalse();
  }

  private void file(String path) throws IOException {
    file(path, path);
  }

  private void file(String path, String text) throws IOException {
    byte[] content = text.getBytes(UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(path);
    entry.setSize(content.length);
    files.visit(path, entry, new ByteArrayInputStream(content));
  }

  private void link(String path, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    files.visit(path, entry, new ByteArrayInputStream(new byte[0]));
  }
}
