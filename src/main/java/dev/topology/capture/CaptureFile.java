package dev.topology.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file that a capture may be written to: one that is not there yet, is empty, or holds a capture
 * already. So that no slip of a name costs a user another file, everything else is refused: other
 * content, symbolic links, devices, pipes, and what another capture is being written to.
 */
public final class CaptureFile {

  /** How much of a file tells whether it is a capture. */
  private static final int MAGIC_BYTES = Integer.BYTES;

  /** pcap-savefile(5) with micro- and nanoseconds, in both orders of bytes; pcapng. */
  private static final List<Integer> MAGICS =
      List.of(Pcap.MAGIC, Integer.reverseBytes(Pcap.MAGIC), 0xA1B23C4D, 0x4D3CB2A1, 0x0A0D0D0A);

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

  /** Whether a file that begins with these bytes is a capture. */
  public static boolean isBegunBy(byte[] head) {
    return head.length >= MAGIC_BYTES && MAGICS.contains(ByteBuffer.wrap(head).getInt());
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
    // Open in both directions, a pipe that has just come into its place waits for nobody: fifo(7).
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
    ByteBuffer head = ByteBuffer.allocate(MAGIC_BYTES);
    channel.read(head, 0);
    return !head.hasRemaining() && isBegunBy(head.array());
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
}
