package dev.topology.language.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileContentTest {

  @TempDir private Path folder;

  @Test
  void knowsBzImage() {
    byte[] image = new byte[FileContent.HEAD_BYTES];
    System.arraycopy("HdrS".getBytes(StandardCharsets.US_ASCII), 0, image, 0x202, 4);

    assertThat(FileContent.of(image)).isEqualTo(FileContent.KERNEL);
  }

  @Test
  void knowsAnImageOfArm64() {
    byte[] image = new byte[FileContent.HEAD_BYTES];
    System.arraycopy("ARMd".getBytes(StandardCharsets.US_ASCII), 0, image, 56, 4);

    assertThat(FileContent.of(image)).isEqualTo(FileContent.IMAGE);
  }

  /** Header values of elf(5): class, type, machine, kind of the one program header. */
  @ParameterizedTest(name = "class {0}, type {1}, machine {2}, program header {3}: {4}")
  @CsvSource({
    "2, 2, 62, 1, KERNEL", // vmlinux
    "2, 3, 62, 4, KERNEL", // position-independent, but linked
    "1, 2, 3, 1, KERNEL", // 32 bit
    "2, 3, 62, 3, PROGRAM", // asks for ld.so
    "1, 3, 3, 3, PROGRAM",
    "2, 1, 62, 0, PROGRAM", // an object, as kernel modules are
    "2, 2, 183, 1, PROGRAM" // for 64-bit ARM
  })
  void tellsElfKernelsFromOtherElfFiles(
      int elfClass, int type, int machine, int header, FileContent expected) {
    assertThat(FileContent.of(elf(elfClass, type, machine, header))).isEqualTo(expected);
  }

  @Test
  void knowsProgramsOfThisHost() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    assertThat(HostFiles.local().contentOf(java)).isEqualTo(FileContent.PROGRAM);
  }

  @Test
  void takesNoTextForAnything() {
    assertThat(FileContent.of("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(FileContent.OTHER);
    assertThat(FileContent.of(new byte[] {0x7F, 'E', 'L', 'F', 2})).isEqualTo(FileContent.PROGRAM);
    assertThat(FileContent.of(new byte[0])).isEqualTo(FileContent.EMPTY);
  }

  @ParameterizedTest
  @CsvSource({
    "cpio -o -H newc",
    "gzip",
    "xz",
    "zstd",
    "bzip2",
  })
  void knowsWhatTheHostsToolsPack(String command) throws Exception {
    byte[] packed = pack(command).orElseGet(() -> Unavailable.because("no " + command));

    assertThat(FileContent.of(packed)).isEqualTo(FileContent.ARCHIVE);
  }

  @Test
  void looksIntoTheFilesThatATopologyNames() throws IOException {
    Path archive = Files.writeString(folder.resolve("initrd"), "070701 and so on");
    Path file = folder.resolve("lab.yaml");
    Files.writeString(file, "nodes: {a: {kernel: initrd, initramfs: initrd}}\n");

    assertThat(new TopologyLoader().loadFile(file, Map.of()).diagnostics())
        .extracting("message")
        .isEqualTo(List.of(archive + " is an archive, as an initramfs is, not a kernel"));
  }

  private static byte[] elf(int elfClass, int type, int machine, int header) {
    ByteBuffer elf = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7F, 'E', 'L', 'F', (byte) elfClass, 1, 1});
    elf.putShort(16, (short) type).putShort(18, (short) machine);
    boolean is64 = elfClass == 2;
    if (is64) {
      elf.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
    } else {
      elf.putInt(28, 64).putShort(42, (short) 32).putShort(44, (short) 1);
    }
    return elf.putInt(64, header).array();
  }

  /** What a tool makes of the name of a file; nothing where there is no such tool. */
  private Optional<byte[]> pack(String command) throws InterruptedException {
    try {
      Files.writeString(folder.resolve("file"), "file\n");
      Process process =
          new ProcessBuilder(command.split(" "))
              .directory(folder.toFile())
              .redirectInput(folder.resolve("file").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      byte[] packed = process.getInputStream().readAllBytes();
      return process.waitFor() == 0 ? Optional.of(packed) : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }
}
