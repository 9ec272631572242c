package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One of the two standard outputs. Each call is one write, so that nothing comes between. Once it
 * fails (a pipe whose reader is gone), it takes nothing more. Not thread-safe.
 */
public final class Output {

  private final OutputStream stream;
  private final Charset charset;
  private @Nullable IOException failure;

  /**
   * @param asciiOnly whether other characters become question marks, as ls(1) does on a terminal
   *     whose locale lacks them
   */
  Output(OutputStream stream, boolean asciiOnly) {
    this.stream = stream;
    this.charset = asciiOnly ? US_ASCII : UTF_8;
  }

  void write(String text) {
    write(text.getBytes(charset));
  }

  void write(byte[] bytes) {
    if (failure != null || bytes.length == 0) {
      return;
    }
    try {
      stream.write(bytes);
      stream.flush();
    } catch (IOException e) {
      failure = e;
    }
  }

  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }
}
