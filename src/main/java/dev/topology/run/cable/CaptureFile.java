package dev.topology.run.cable;

import dev.topology.model.CaptureFormat;
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

/**
 * A file that a capture may be written to: one that is not there yet, is empty, or holds a capture
 * already. So that no slip of a name costs a user another file, everything else is refused: other
 * content, symbolic links, devices, pipes, and what another capture is being written to.
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
}
