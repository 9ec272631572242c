package dev.topology.run.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Lines of UTF-8, none of which may be longer than a limit: those who write them can be hostile.
 * Not thread-safe.
 */
final class BoundedLines {

  /** More came than may come. */
  static final class ExceededException extends IOException {

    private static final long serialVersionUID = 1;

    ExceededException(String what) {
      super(what);
    }
  }

  private static final int CHUNK = 16 * 1024;

  private final InputStream input;
  private final int most;
  private final byte[] chunk = new byte[CHUNK];
  private int from;
  private int to;

  /**
   * @param most the bytes that a line may have, without its line feed
   */
  BoundedLines(InputStream input, int most) {
    this.input = input;
    this.most = most;
  }

  /**
   * Waits for the next line; what comes after the last line feed is none.
   *
   * @return without its line feed; empty at the end
   * @throws ExceededException as soon as the line is too long; nothing can be read after that
   */
  Optional<String> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (from < to || fill()) {
      int end = lineEnd();
      if (line.size() + (end - from) > most) {
        throw new ExceededException("a line of more than " + most + " bytes");
      }
      line.write(chunk, from, end - from);
      from = end + 1;
      if (end < to) {
        return Optional.of(line.toString(StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, input.read(chunk));
    return to > 0;
  }

  private int lineEnd() {
    int at = from;
    while (at < to && chunk[at] != '\n') {
      at++;
    }
    return at;
  }
}
