package dev.topology.run.cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a user a capture may be written to. */
@Timeout(600)
class CaptureFileTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("x.pcap");
  }

  @Test
  void isOneThatIsNewOrEmptyOrACapture() throws Exception {
    opens(file);
    Files.write(file, new byte[0]);
    opens(file);
    try (Capture capture = Capture.into(file, "test")) {
      capture.offer(1, ByteBuffer.allocate(60), 0, 60);
    }
    assertThat(file).isNotEmptyFile();
    opens(file);
    Files.write(file, new byte[] {0x0A, 0x0D, 0x0D, 0x0A, 0x1C});
    opens(file);
  }

  private static void opens(Path file) throws Exception {
    try (FileChannel channel = CaptureFile.open(file, false)) {
      assertThat(channel.size()).isZero();
    }
  }

  @Test
  void isNoOtherFileUnlessThatIsAskedFor() throws Exception {
    Files.writeString(file, "nodes: {a: {}}\n");
    refused("it is there already, and is no capture");
    Files.writeString(file, "x");
    refused("it is there already, and is no capture");
    assertThat(file).hasContent("x");
    try (FileChannel channel = CaptureFile.open(file, true)) {
      assertThat(channel.size()).isZero();
    }
  }

  @Test
  void isNoLinkAndNoDeviceAndNoPipe() throws Exception {
    Path other = directory.resolve("other");
    Files.createSymbolicLink(file, other);
    refused("it is a symbolic link");
    Files.createFile(other);
    refused("it is a symbolic link");
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    refused("it is not a regular file");
    Files.delete(file);
    Files.createDirectory(file);
    refused("it is not a regular file");
    assertThatThrownBy(() -> CaptureFile.open(Path.of("/dev/null"), true))
        .hasMessageContaining("it is not a regular file");
  }

  /** Also by another name: two captures would write over each other. */
  @Test
  void isOneThatNoOtherCaptureIsWrittenTo() throws Exception {
    try (Capture capture = Capture.into(file, "test")) {
      refused("another capture is being written to it");
      Path second = Files.createLink(directory.resolve("second"), file);
      assertThatThrownBy(() -> CaptureFile.open(second, true))
          .hasMessageContaining("another capture is being written to it");
      assertThat(capture.failure()).isEmpty();
    }
    opens(file);
  }

  private void refused(String reason) {
    assertThatThrownBy(() -> CaptureFile.open(file, false))
        .isInstanceOf(CaptureFile.UnfitException.class)
        .hasMessage(file + ": " + reason);
  }
}
