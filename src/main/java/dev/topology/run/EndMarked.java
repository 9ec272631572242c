package dev.topology.run;

import dev.topology.posix.SocketStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * What a command writes, up to a token that only the host and the guest's shell know: a port has no
 * end of its own. What comes after it, from something that the command left behind, is nobody's.
 *
 * <p>Gives out what has come at once, but for the few bytes that could be the token's first.
 */
final class EndMarked extends InputStream {

  /** Says what it means that the socket has ended before the token came. */
  interface Broken {
    RuntimeException explain() throws InterruptedException;
  }

  private static final int CAPACITY = 64 * 1024;

  private final SocketStream socket;
  private final byte[] token;
  private final Broken broken;
  private final byte[] bytes = new byte[CAPACITY];
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private int start;
  private int end;
  private int given;

  EndMarked(SocketStream socket, byte[] token, Broken broken) {
    this.socket = socket;
    this.token = token;
    this.broken = broken;
  }

  /** Completes when all has come. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public synchronized int read(byte[] destination, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (start == given) {
      if (ended.isDone()) {
        return -1;
      }
      fill();
    }
    int count = Math.min(length, given - start);
    System.arraycopy(bytes, start, destination, offset, count);
    start += count;
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int available() {
    return given - start;
  }

  /** Reads more behind what is held back, and finds out how much of it can be given out. */
  private void fill() throws IOException {
    System.arraycopy(bytes, start, bytes, 0, end - start);
    end -= start;
    start = 0;
    int count = socket.read(ByteBuffer.wrap(bytes, end, bytes.length - end));
    if (count < 0) {
      throw explain();
    }
    end += count;
    given = tokenAt();
    if (given + token.length <= end) {
      ended.complete(null);
    }
  }

  private RuntimeException explain() throws InterruptedIOException {
    try {
      return broken.explain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a node ended");
    }
  }

  /** Where the token is, or begins to be; the end of the bytes where it does not. */
  private int tokenAt() {
    int at = 0;
    while (at < end && !couldBegin(at)) {
      at++;
    }
    return at;
  }

  private boolean couldBegin(int at) {
    int count = Math.min(token.length, end - at);
    for (int i = 0; i < count; i++) {
      if (bytes[at + i] != token[i]) {
        return false;
      }
    }
    return true;
  }
}
