package dev.topology.image.oci;

import dev.topology.image.HostProgram;
import dev.topology.image.ImageException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How layers and archives are compressed. What is used is seen by how they begin. */
final class Compression {

  private static final int GZIP = 0x1f8b;
  private static final int XZ = 0xfd377a58;
  private static final int ZSTANDARD = 0x28b52ffd;
  private static final int BUFFER = 1 << 16;

  private Compression() {}

  /** Whether a file begins as what can be unpacked here does. */
  static boolean isOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      int magic = magic(in);
      return magic >>> 16 == GZIP || magic == XZ || magic == ZSTANDARD;
    }
  }

  private static int magic(InputStream in) throws IOException {
    byte[] start = in.readNBytes(Integer.BYTES);
    return start.length < Integer.BYTES ? 0 : ByteBuffer.wrap(start).getInt();
  }

  /**
   * What a compressed stream holds, or the stream itself.
   *
   * @param scratch a directory for what a program needs to unpack it
   */
  static InputStream unpacked(InputStream packed, Path scratch) throws IOException, ImageException {
    BufferedInputStream in = new BufferedInputStream(packed, BUFFER);
    in.mark(Integer.BYTES);
    int magic = magic(in);
    in.reset();
    if (magic >>> 16 == GZIP) {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
    if (magic == XZ) {
      return new XZInputStream(in);
    }
    return magic == ZSTANDARD ? new Zstandard(in, scratch) : in;
  }

  /** Java has no Zstandard; the program unpacks a copy of the layer, while it is read. */
  private static final class Zstandard extends FilterInputStream {

    private final Path copy;
    private final HostProgram program;
    private final Process process;

    Zstandard(InputStream packed, Path scratch) throws IOException, ImageException {
      super(packed);
      copy = Files.createTempFile(scratch, "packed", ".zst");
      Files.copy(packed, copy, StandardCopyOption.REPLACE_EXISTING);
      program = new HostProgram(scratch);
      process =
          program.start(List.of("zstd", "-dcq", copy.toString()), ProcessBuilder.Redirect.PIPE);
      in = process.getInputStream();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      if (count < 0) {
        requireWhole();
      }
      return count;
    }

    private void requireWhole() throws IOException {
      try {
        if (process.waitFor() != 0) {
          throw new IOException("zstd cannot unpack it: " + program.errors());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClosedByInterruptException();
      }
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly();
      in.close();
      Files.deleteIfExists(copy);
    }
  }
}
