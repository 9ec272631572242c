package dev.topology.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.topology.model.Disk.Format;
import dev.topology.model.Disk.Mode;
import dev.topology.model.Disk.Source.OfFile;
import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that can be disks, and those that cannot. */
class DiskFileTest {

  private static final int MIB = 1 << 20;

  @TempDir private Path directory;

  @Test
  void seesWhatQemuImgMade() throws Exception {
    Path base = Files.write(directory.resolve("base.raw"), new byte[3 * MIB]);
    qemuImg("convert", "-O", "qcow2", base.toString(), "plain.qcow2");
    qemuImg("create", "-q", "-f", "qcow2", "-F", "raw", "-b", "base.raw", "one.qcow2");
    qemuImg("create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", "one.qcow2", "two.qcow2", "5M");

    assertThat(read("base.raw")).isEqualTo(raw("base.raw", 3 * MIB));
    assertThat(read("plain.qcow2")).isEqualTo(qcow2("plain.qcow2", 3 * MIB, Optional.empty()));
    assertThat(refusal("one.qcow2")).contains("has a backing file, \"base.raw\"");
    DiskFile one = qcow2("one.qcow2", 3 * MIB, Optional.of(raw("base.raw", 3 * MIB)));
    assertThat(DiskFile.read(source("two.qcow2", Optional.empty(), true)))
        .isEqualTo(qcow2("two.qcow2", 5 * MIB, Optional.of(one)));
  }

  @Test
  void makesOverlaysThatQemuImgTakes() throws Exception {
    long bytes = (1L << 40) + 512;
    Files.write(directory.resolve("overlay.qcow2"), Qcow2Overlay.ofSize(bytes));

    assertThat(read("overlay.qcow2")).isEqualTo(qcow2("overlay.qcow2", bytes, Optional.empty()));
    assertThat(qemuImg("check", "overlay.qcow2")).contains("No errors were found");
    assertThat(qemuImg("info", "overlay.qcow2")).contains("(" + bytes + " bytes)");
  }

  /** What a guest may have written into a raw disk, or somebody into an image to be downloaded. */
  static Stream<Arguments> hostileHeaders() {
    return Stream.of(
        Arguments.of("backing file, \"/etc/shadow\"", patch(8, 512L), "/etc/shadow"),
        Arguments.of("cut off or damaged", patch(8, Long.MAX_VALUE), "/etc/shadow"),
        Arguments.of("cut off or damaged", patch(8, -1L), "/etc/shadow"),
        Arguments.of("in another file", patch(72, 4L), ""),
        Arguments.of("is marked as corrupt", patch(72, 2L), ""),
        Arguments.of("is encrypted", patch(32, 1L << 32), ""),
        Arguments.of("has no size", patch(24, 0L), ""),
        Arguments.of("has no size", patch(24, -512L), ""),
        Arguments.of("cut off or damaged", patch(40, Long.MAX_VALUE), ""),
        Arguments.of("cut off or damaged", patch(48, Long.MAX_VALUE), ""),
        Arguments.of("cut off or damaged", patch(36, -1L), ""),
        Arguments.of("cut off or damaged", patch(3 << 16, 1L << 50), ""),
        Arguments.of("cut off or damaged", patch(96, 0xFFFF_FFFFL), ""));
  }

  private record Patch(int at, long value) {}

  private static Patch patch(int at, long value) {
    return new Patch(at, value);
  }

  @ParameterizedTest
  @MethodSource("hostileHeaders")
  void refusesHeadersThatLeadElsewhere(String words, Patch patch, String backing)
      throws IOException {
    ByteBuffer image = ByteBuffer.wrap(Qcow2Overlay.ofSize(MIB));
    image.putInt(16, backing.length());
    image.put(512, backing.getBytes(StandardCharsets.US_ASCII));
    image.putLong(patch.at(), patch.value());
    Files.write(directory.resolve("disk"), image.array());

    assertThat(refusal("disk")).contains(words);
  }

  @Test
  void refusesBackingFilesThatAreNone() throws Exception {
    assertThat(refusedBacking("json:{\"driver\":\"raw\"}", "raw")).contains("which is no path");
    assertThat(refusedBacking("nbd:unix:/run/socket", "raw")).contains("which is no path");
    assertThat(refusedBacking("missing.raw", "raw")).contains("which is not there");
    assertThat(refusedBacking("/", "raw")).contains("which is not there, or no file");
    assertThat(refusedBacking("base.raw", "")).contains("does not say its format");
    assertThat(refusedBacking("base.raw", "vmdk")).contains("neither raw nor qcow2");
    assertThat(refusedBacking("base.raw", "qcow2")).contains("which is not a qcow2 image");
    assertThat(refusedBacking("./disk", "qcow2")).contains("which leads back to this one");
  }

  private String refusedBacking(String name, String format) throws IOException {
    Files.write(directory.resolve("base.raw"), new byte[MIB]);
    ByteBuffer image = ByteBuffer.wrap(Qcow2Overlay.ofSize(MIB));
    if (!format.isEmpty()) {
      image.putInt(104, 0xE2792ACA).putInt(108, format.length());
      image.put(112, format.getBytes(StandardCharsets.US_ASCII));
    }
    image.putLong(8, 512).putInt(16, name.length());
    image.put(512, name.getBytes(StandardCharsets.US_ASCII));
    Files.write(directory.resolve("disk"), image.array());
    return assertThrows(
            DiskFileException.class, () -> DiskFile.read(source("disk", Optional.empty(), true)))
        .why();
  }

  @Test
  void refusesWhatIsCutOff() throws Exception {
    byte[] image = Qcow2Overlay.ofSize(MIB);

    for (int length : new int[] {8, 60, 103, 1 << 16, 3 << 16}) {
      Files.write(directory.resolve("disk"), Arrays.copyOf(image, length));
      assertThat(refusal("disk")).contains("cut off or damaged");
    }
  }

  static Stream<Arguments> others() {
    return Stream.of(
        Arguments.of("KDMV", 0, "a VMDK image"),
        Arguments.of("# Disk DescriptorFile\n", 0, "a VMDK image"),
        Arguments.of("\u007f\u0010\u00da\u00be", 64, "a VDI image"),
        Arguments.of("vhdxfile", 0, "a VHDX image"),
        Arguments.of("QFI\u00fb\0\0\0\u0001", 0, "qcow version 1"),
        Arguments.of("\u001f\u008b", 0, "compressed"),
        Arguments.of("\u00fd7zXZ\0", 0, "compressed"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void refusesImagesOfOtherKindsUnlessTheyAreSaidToBeRaw(String start, int at, String words)
      throws Exception {
    byte[] image = new byte[4096];
    byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, image, at, bytes.length);
    Files.write(directory.resolve("disk"), image);

    assertThat(refusal("disk")).contains(words);
    assertThat(DiskFile.read(source("disk", Optional.of(Format.RAW), false)))
        .isEqualTo(raw("disk", 4096));
  }

  @Test
  void refusesWhatHasNoWholeSectors() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("disk").toFile(), "rw")) {
      file.setLength(1000);
    }
    assertThat(refusal("disk")).contains("has 1,000 bytes", "sectors of 512");
    Files.write(directory.resolve("empty"), new byte[0]);
    assertThat(refusal("empty")).contains("is empty");
    Files.write(directory.resolve("raw"), new byte[512]);
    assertThat(
            assertThrows(
                    DiskFileException.class,
                    () -> DiskFile.read(source("raw", Optional.of(Format.QCOW2), false)))
                .why())
        .contains("is not a qcow2 image");
  }

  private String refusal(String name) {
    return assertThrows(DiskFileException.class, () -> read(name)).why();
  }

  private DiskFile read(String name) throws DiskFileException {
    return DiskFile.read(source(name, Optional.empty(), false));
  }

  private OfFile source(String name, Optional<Format> format, boolean followsBacking) {
    return new OfFile(
        directory.resolve(name), Mode.OVERLAY, format, followsBacking, Optional.empty());
  }

  private DiskFile raw(String name, long bytes) {
    return new DiskFile(directory.resolve(name), Format.RAW, false, bytes, Optional.empty());
  }

  private DiskFile qcow2(String name, long bytes, Optional<DiskFile> backing) {
    return new DiskFile(directory.resolve(name), Format.QCOW2, false, bytes, backing);
  }

  private String qemuImg(String... arguments) throws Exception {
    String[] command =
        Stream.concat(Stream.of("qemu-img"), Stream.of(arguments)).toArray(String[]::new);
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      return Unavailable.because("needs qemu-img, of the package qemu-utils");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
