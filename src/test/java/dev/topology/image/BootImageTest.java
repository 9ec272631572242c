package dev.topology.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms in which distributions pack arm64 kernels; GuestKernelTest has a real bzImage. */
class BootImageTest {

  private static final byte[] KERNEL = new byte[4096];

  static {
    new Random(1).nextBytes(KERNEL);
  }

  @TempDir Path directory;

  @Test
  void leavesAnImageAsItIs() throws Exception {
    assertThat(unpack(KERNEL)).isFalse();
  }

  @Test
  void unpacksAnImageThatGzipPacked() throws Exception {
    assertThat(unpack(packed())).isTrue();
    assertThat(directory.resolve("kernel")).hasBinaryContent(KERNEL);
  }

  @Test
  void unpacksAnEfiProgramThatWouldUnpackItself() throws Exception {
    byte[] payload = packed();
    assertThat(unpack(zboot(payload, 512, payload.length))).isTrue();
    assertThat(directory.resolve("kernel")).hasBinaryContent(KERNEL);
  }

  @Test
  void leavesAnEfiProgramWhosePayloadIsNotThere() throws Exception {
    byte[] payload = packed();
    assertThat(unpack(zboot(payload, 512, payload.length + 1))).isFalse();
    assertThat(unpack(zboot(payload, -5, payload.length))).isFalse();
    assertThat(unpack(zboot(payload, 512, Integer.MAX_VALUE))).isFalse();
  }

  private boolean unpack(byte[] packed) throws Exception {
    Path file = Files.write(directory.resolve("packed"), packed);
    return BootImage.unpack(
        file,
        directory.resolve("kernel"),
        directory.resolve("scratch"),
        new HostProgram(directory));
  }

  private static byte[] packed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(KERNEL);
    }
    return bytes.toByteArray();
  }

  /** As drivers/firmware/efi/libstub/zboot-header.S has it. */
  private static byte[] zboot(byte[] payload, int offset, int length) {
    ByteBuffer image = ByteBuffer.allocate(512 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    image.put("MZ\0\0zimg".getBytes(US_ASCII)).putInt(offset).putInt(length);
    image.position(24).put("gzip\0".getBytes(US_ASCII));
    image.position(512).put(payload);
    return image.array();
  }
}
