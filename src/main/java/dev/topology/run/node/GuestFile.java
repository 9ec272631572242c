package dev.topology.run.node;

import dev.topology.posix.Reasons;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file of a guest that is being saved, open to its user alone. As a stream it is written from its
 * beginning.
 */
final class GuestFile extends OutputStream {

  private final FileChannel file;

  /** Of what was written as a stream. */
  private long end;

  /** The file cannot be written. */
  static final class UnwritableException extends IOException {

    private static final long serialVersionUID = 1;

    UnwritableException(IOException cause) {
      super(Reasons.of(cause), cause);
    }
  }

  /**
   * @param path where no file is
   */
  GuestFile(Path path) throws UnwritableException {
    try {
      file =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw new UnwritableException(e);
    }
  }

  @Override
  public void write(int value) throws UnwritableException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws UnwritableException {
    write(ByteBuffer.wrap(bytes, offset, length), end);
    end += length;
  }

  /** Writes all that is in a buffer at a place. */
  void write(ByteBuffer bytes, long place) throws UnwritableException {
    try {
      for (long next = place; bytes.hasRemaining(); ) {
        next += file.write(bytes, next);
      }
    } catch (IOException e) {
      throw new UnwritableException(e);
    }
  }

  @Override
  public void close() throws UnwritableException {
    try {
      file.close();
    } catch (IOException e) {
      throw new UnwritableException(e);
    }
  }
}
