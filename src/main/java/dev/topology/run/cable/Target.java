package dev.topology.run.cable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Where a recording goes. Used by one thread at a time. */
interface Target extends AutoCloseable {

  /** Writes whole records, all of them; may block. */
  void write(ByteBuffer records) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * A {@link CaptureFile}, begun anew. What could not be written whole is taken back, so that it
   * stays readable.
   */
  static Target file(Path file) throws IOException {
    FileChannel channel = CaptureFile.open(file, false);
    return new Target() {
      private long written;

      @Override
      public void write(ByteBuffer records) throws IOException {
        try {
          int size = records.remaining();
          while (records.hasRemaining()) {
            channel.write(records);
          }
          written += size;
        } catch (IOException e) {
          takeBack(e);
          throw e;
        }
      }

      private void takeBack(IOException because) {
        try {
          channel.truncate(written);
        } catch (IOException worse) {
          because.addSuppressed(worse);
        }
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /** Whoever reads along; the stream stays the caller's to close. */
  static Target stream(OutputStream stream) {
    return new Target() {
      @Override
      public void write(ByteBuffer records) throws IOException {
        stream.write(
            records.array(), records.arrayOffset() + records.position(), records.remaining());
        stream.flush();
      }

      @Override
      public void close() throws IOException {
        stream.flush();
      }
    };
  }
}
