package dev.topology.cli.terminal;

import dev.topology.posix.PipePeek;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Standard input for a program in a guest: what it does not read stays here, for the next reader of
 * this input, such as the loop that {@code exec} runs in. So does its end.
 *
 * <p>Of a file, the position follows what the program has read. Of a pipe, bytes are peeked at, and
 * taken out once the program has read them. From anything else, such as a terminal, all is taken.
 */
public abstract class ProgramInput extends InputStream {

  private static final int FILE_TYPE = 0170000;
  private static final int PIPE = 0010000;
  private static final int REGULAR_FILE = 0100000;

  /** How often to look for more in a pipe: poll(2) does not tell while something is in it. */
  private static final long PAUSE_MILLIS = 20;

  /** How many bytes were given out that the program has not read yet. */
  private int unread;

  /** The input, which keeps what is not read where it is standard input. */
  public static InputStream of(InputStream in) {
    if (in != System.in) {
      return in;
    }
    try {
      int mode = (int) Files.getAttribute(Path.of("/proc/self/fd/0"), "unix:mode");
      return switch (mode & FILE_TYPE) {
        case REGULAR_FILE -> new OfFile();
        case PIPE -> new OfPipe();
        default -> in;
      };
    } catch (IOException | UnsupportedOperationException e) {
      return in;
    }
  }

  /** The program has read so many bytes. */
  public final synchronized void taken(int bytes) throws IOException {
    unread -= bytes;
    skip(bytes);
    notifyAll();
  }

  /** Takes bytes for good. */
  abstract void skip(int bytes) throws IOException;

  /** More bytes after those given out; none where there are none now. */
  abstract byte[] more(int mostBytes) throws IOException;

  /** Waits for bytes where none are given out; none at the end. */
  abstract byte[] first(int mostBytes) throws IOException;

  @Override
  public int read(byte[] destination, int offset, int length) throws IOException {
    byte[] bytes = next(length);
    System.arraycopy(bytes, 0, destination, offset, bytes.length);
    return bytes.length == 0 ? -1 : bytes.length;
  }

  private byte[] next(int most) throws IOException {
    synchronized (this) {
      while (unread > 0) {
        byte[] bytes = more(most);
        if (bytes.length > 0) {
          unread += bytes.length;
          return bytes;
        }
        pause();
      }
    }
    // Nothing can be taken now, as nothing is given out.
    byte[] bytes = first(most);
    synchronized (this) {
      unread += bytes.length;
    }
    return bytes;
  }

  @SuppressWarnings("WaitNotInLoop") // The only caller looks again whenever this returns.
  private void pause() throws InterruptedIOException {
    try {
      wait(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  final synchronized int unread() {
    return unread;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private static final class OfFile extends ProgramInput {

    private final FileChannel file = new FileInputStream(FileDescriptor.in).getChannel();

    @Override
    void skip(int bytes) throws IOException {
      file.position(file.position() + bytes);
    }

    @Override
    byte[] more(int mostBytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(mostBytes);
      int count = Math.max(0, file.read(buffer, file.position() + unread()));
      byte[] bytes = new byte[count];
      buffer.flip().get(bytes);
      return bytes;
    }

    @Override
    byte[] first(int mostBytes) throws IOException {
      return more(mostBytes);
    }
  }

  private static final class OfPipe extends ProgramInput {

    private final FileInputStream pipe = new FileInputStream(FileDescriptor.in);
    private @Nullable PipePeek peek;
    private byte[] seen = {};

    @Override
    void skip(int bytes) throws IOException {
      // Not by readNBytes, which would ask a pipe for its position.
      byte[] gone = new byte[bytes];
      for (int left = bytes; left > 0; ) {
        int count = pipe.read(gone, 0, left);
        left = count < 0 ? 0 : left - count;
      }
    }

    @Override
    byte[] more(int mostBytes) throws IOException {
      int known = unread() + seen.length;
      if (seen.length == 0 && pipe.available() > known) {
        seen = peek().look(known, false);
      }
      return piece(mostBytes);
    }

    @Override
    byte[] first(int mostBytes) throws IOException {
      if (seen.length == 0) {
        seen = peek().look(0, true);
      }
      return piece(mostBytes);
    }

    private PipePeek peek() throws IOException {
      PipePeek opened = peek == null ? PipePeek.into(0) : peek;
      peek = opened;
      return opened;
    }

    /** A part of the peeked bytes, of that size at most. */
    private byte[] piece(int mostBytes) {
      byte[] bytes = Arrays.copyOf(seen, Math.min(seen.length, mostBytes));
      seen = Arrays.copyOfRange(seen, bytes.length, seen.length);
      return bytes;
    }
  }
}
