package dev.topology.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Linux makes of the image, a guest shows: see FirmwareTest. */
class IsoImageTest {

  @TempDir private Path directory;

  @Test
  void isRecognisedWithItsLabel() throws Exception {
    Path file = Files.write(directory.resolve("seed.iso"), image());
    Path blkid = Path.of("/usr/sbin/blkid");
    assumeThat(blkid).isExecutable();

    Process process =
        new ProcessBuilder(blkid.toString(), "-p", file.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("LABEL=\"CIDATA\"", "TYPE=\"iso9660\"");
  }

  @Test
  void hasWholeSectorsAndEachFileAtOneOfThem() {
    byte[] image = image();

    assertThat(image.length % 2048).isZero();
    assertThat(new String(image, 21 * 2048, 5, StandardCharsets.US_ASCII)).isEqualTo("short");
    assertThat(ByteBuffer.wrap(image).get(22 * 2048 + 4999)).isEqualTo((byte) 7);
    assertThat(image).hasSize(25 * 2048);
  }

  private static byte[] image() {
    byte[] large = new byte[5000];
    Arrays.fill(large, (byte) 7);
    return IsoImage.of(
        "CIDATA",
        Map.of(
            "user-data",
            large,
            "meta-data",
            "short".getBytes(StandardCharsets.US_ASCII),
            "network-config",
            new byte[0]));
  }
}
