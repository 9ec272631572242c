package dev.topology.cli.terminal;

import java.io.IOException;
import java.util.Optional;

/** Nobody reads the output any more: {@code topology events -f | head}. */
public final class LostReader extends IOException {

  private static final long serialVersionUID = 1L;

  private LostReader(IOException cause) {
    super(cause);
  }

  /** Throws it if it is so, which shows after something was printed. */
  public static void check(Terminal terminal) throws LostReader {
    Optional<IOException> failure = terminal.failure();
    if (failure.isPresent()) {
      throw new LostReader(failure.get());
    }
  }
}
