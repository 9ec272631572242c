package dev.topology.run.cable;

import dev.topology.model.Cable.CaptureFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that a capture may be written to: one that is not there yet, is empty, or holds a capture
 * already. So that a misspelt name does not overwrite another file, everything else is refused:
 * other content, symbolic links, devices, pipes, and what another capture is being written to.
 */
public final class CaptureFile {

  private CaptureFile() {}

  /** A file that is not to be written to. */
  public static final class UnfitException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    UnfitException(Path file, String reason, String remedy) {
      super(file.toString(), null, reason);
      this.remedy = remedy;
    }

    /** What the user can do, one clause. */
    public String remedy() {
      return remedy;
    }
  }

  /**
   * Opens one, emptied, and holds it until the channel is closed. Never waits for a reader.
   *
   * @param evenOther whether a regular file with other content is fit as well
   * @throws UnfitException if the file is not fit
   */
  public static FileChannel open(Path file, boolean evenOther) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw Files.isSymbolicLink(file)
          ? new UnfitException(file, "it is a symbolic link", "name the file that it leads to")
          : new UnfitException(file, "it is not a regular file", "name another file");
    }
    // Opened for both directions, a pipe that has just taken its place does not block: fifo(7).
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS);
    try {
      claim(channel, file);
      if (!evenOther && channel.size() > 0 && !isCapture(channel)) {
        throw new UnfitException(
            file,
            "it is there already, and is no capture",
            "name another file, or remove this one");
      }
      return channel.truncate(0);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isCapture(FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(CaptureFormat.MAGIC_BYTES);
    channel.read(head, 0);
    return !head.hasRemaining() && CaptureFormat.isBegunBy(head.array());
  }

  private static void claim(FileChannel channel, Path file) throws IOException {
    boolean taken;
    try {
      FileLock lock = channel.tryLock();
      taken = lock == null;
    } catch (OverlappingFileLockException byThisProgram) {
      taken = true;
    } catch (IOException noLocksThere) {
      // Some network file systems have none; that is no reason not to write.
      return;
    }
    if (taken) {
      throw new UnfitException(file, "another capture is being written to it", "name another file");
    }
  }

  /**
   * Opens one for a capture, emptied. A record that could be written only in part is removed, so
   * that the file stays readable.
   *
   * @throws UnfitException if the file is not fit
   */
  static Capture.Target target(Path file) throws IOException {
    FileChannel channel = open(file, false);
    return new Capture.Target() {

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

  /** The format: pcap-savefile(5). Little-endian, with microseconds, as every reader knows it. */
  static final class Pcap {

    static final int HEADER_BYTES = 24;
    static final int RECORD_HEADER_BYTES = 16;

    /** No frame of a guest is longer: Datagrams.LONGEST, NET_BUFSIZE in QEMU. */
    static final int LONGEST_FRAME = 4096 + 65536;

    private static final short MAJOR = 2;
    private static final short MINOR = 4;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final long SECOND_MICROS = 1_000_000;

    private Pcap() {}

    /** What comes before the first record. */
    static ByteBuffer header() {
      return ByteBuffer.allocate(HEADER_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt(CaptureFormat.PCAP_MAGIC)
          .putShort(MAJOR)
          .putShort(MINOR)
          .putInt(0)
          .putInt(0)
          .putInt(LONGEST_FRAME)
          .putInt(LINKTYPE_ETHERNET)
          .flip();
    }

    /** Puts a record at the position of a little-endian buffer that has room for it. */
    static void putRecord(
        ByteBuffer to, long epochMicros, ByteBuffer memory, int offset, int length) {
      to.putInt((int) (epochMicros / SECOND_MICROS));
      to.putInt((int) (epochMicros % SECOND_MICROS));
      to.putInt(length);
      to.putInt(length);
      to.put(to.position(), memory, offset, length);
      to.position(to.position() + length);
    }
  }
}
