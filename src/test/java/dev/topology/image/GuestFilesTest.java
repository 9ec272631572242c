package dev.topology.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.GuestFiles.StagedFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of packages in a guest where all programs are in one directory. */
class GuestFilesTest {

  @TempDir Path directory;
  private GuestFiles files;

  @BeforeEach
  void open() throws IOException {
    files = new GuestFiles(new StagedFiles(directory.resolve("staged")));
  }

  @Test
  void aLinkThatWouldLeadToItselfLeavesTheProgram() throws IOException {
    file("bin/ip");
    link("sbin/ip", "/bin/ip");
    link("usr/sbin/ip", "../bin/ip");

    assertThat(files.tree().content("usr/bin/ip")).isPresent();
  }

  @Test
  void theProgramMayComeAfterTheLink() throws IOException {
    link("sbin/ip", "/bin/ip");
    link("usr/bin/tool", "/etc/alternatives/tool");
    file("bin/ip");

    assertThat(files.tree().content("usr/bin/ip")).isPresent();
    assertThat(files.tree().linkTarget("usr/bin/tool")).hasValue("/etc/alternatives/tool");
  }

  @Test
  void aRelativeLinkLeadsWhereItsPackageMeansItTo() throws IOException {
    link("sbin/tool", "../etc/tool");
    link("lib/x86_64-linux-gnu/libx.so", "libx.so.1");
    link("usr/bin/vi", "../share/vi");

    assertThat(files.tree().linkTarget("usr/bin/tool")).hasValue("/etc/tool");
    assertThat(files.tree().linkTarget("usr/lib/x86_64-linux-gnu/libx.so"))
        .hasValue("/usr/lib/x86_64-linux-gnu/libx.so.1");
    assertThat(files.tree().linkTarget("usr/bin/vi")).hasValue("../share/vi");
  }

  private void file(String path) throws IOException {
    byte[] content = path.getBytes(UTF_8);
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
