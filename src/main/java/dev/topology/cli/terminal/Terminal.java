package dev.topology.cli.terminal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.terminal.Palette.ColorChoice;
import dev.topology.cli.terminal.TerminalDevice.WindowSize;
import dev.topology.cli.terminal.TerminalTraits.Glyphs;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * All output to stdout and stderr: whole lines, a line that is still growing, and live rows at the
 * bottom that are redrawn in place.
 *
 * <p>Where both outputs are terminals they are taken to be the same one. Live rows go to stderr if
 * that is a terminal, else to stdout if that is; otherwise there are none. Where stdout is not a
 * terminal, a growing line is written piece by piece and never taken back.
 *
 * <p>Thread-safe: no two lines are ever torn. Calls block as long as the terminal does (Ctrl-S).
 * Lines are the caller's, and must be free of control characters other than colours of a {@link
 * Palette}: what a guest printed has been cleaned by the console package.
 */
public final class Terminal implements AutoCloseable {

  private final TerminalTraits traits;
  private final Output out;
  private final Output err;
  private final Screen screen = new Screen();
  private final WindowWidth width;
  private String owner = "";
  private String written = "";
  private boolean closed;

  public Terminal(TerminalTraits traits, OutputStream out, OutputStream err) {
    this.traits = traits;
    this.out = new Output(out, traits.outIsTerminal() && !traits.unicode());
    this.err = new Output(err, traits.errIsTerminal() && !traits.unicode());
    this.width = new WindowWidth(traits.columns());
  }

  /** The terminal of this process. */
  public static Terminal open(ColorChoice choice) {
    TerminalTraits traits =
        TerminalTraits.of(
            System.getenv(), choice, TerminalDevice.isTerminal(1), TerminalDevice.isTerminal(2));
    return new Terminal(
        traits, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
  }

  /** Colours for what goes to stdout. */
  public Palette palette() {
    return new Palette(traits.outColors());
  }

  /** Colours for what goes to stderr. */
  public Palette errorPalette() {
    return new Palette(traits.errColors());
  }

  /** Colours for live rows, wherever they go. */
  Palette livePalette() {
    return traits.errIsTerminal() ? errorPalette() : palette();
  }

  public Glyphs glyphs() {
    return traits.unicode() ? Glyphs.UNICODE : Glyphs.ASCII;
  }

  /** Whether live rows are shown. */
  public boolean isLive() {
    return traits.outIsTerminal() || traits.errIsTerminal();
  }

  /** How wide the window is; asks it, which may take some milliseconds, once. */
  public int columns() {
    return width.columns();
  }

  /** Prints text of one or more lines on stdout; a line feed is added. */
  public synchronized void print(String text) {
    closeRow();
    out.write(traits.outIsTerminal() ? screen.print(text + "\n") : text + "\n");
  }

  /** Prints text of one or more lines on stderr; a line feed is added. */
  public synchronized void printError(String text) {
    if (traits.outIsTerminal() == traits.errIsTerminal()) {
      closeRow();
    }
    err.write(traits.errIsTerminal() ? screen.print(text + "\n") : text + "\n");
  }

  /**
   * Shows a growing line on stdout: opens a row for it, or writes its open row anew. Any other line
   * that is printed closes the row as it is.
   *
   * @param owner whose line it is; only one row is open at a time
   * @param row the line as far as it goes
   * @param finished whether to close the row as well
   */
  synchronized void grow(String owner, String row, boolean finished) {
    if (!isGrowing(owner)) {
      closeRow();
    }
    if (traits.outIsTerminal()) {
      out.write(finished ? finish(row) : screen.open(row));
    } else {
      append(owner, row, finished);
    }
    this.owner = finished ? "" : owner;
  }

  private String finish(String row) {
    return screen.isOpen() ? screen.close(row) : screen.print(row + "\n");
  }

  private void append(String owner, String row, boolean finished) {
    boolean rewritten = isGrowing(owner) && !row.startsWith(written);
    if (rewritten && !finished) {
      return;
    }
    String rest = isGrowing(owner) && !rewritten ? row.substring(written.length()) : row;
    out.write((rewritten ? "\n" : "") + rest + (finished ? "\n" : ""));
    written = row;
  }

  /** Whether this owner's row is open. Hold the terminal's monitor as long as it has to stay so. */
  synchronized boolean isGrowing(String owner) {
    return this.owner.equals(owner);
  }

  private void closeRow() {
    if (!owner.isEmpty()) {
      out.write(traits.outIsTerminal() ? screen.close() : "\n");
      owner = "";
    }
  }

  /** Replaces the live rows; with an empty list they are gone. */
  public synchronized void live(List<String> rows) {
    if (isLive() && !closed) {
      (traits.errIsTerminal() ? err : out).write(screen.live(rows));
    }
  }

  /** Writes bytes to stdout as they are: those of a guest that the user asked for. */
  public synchronized void write(byte[] bytes) {
    out.write(bytes);
  }

  /** Writes bytes to stderr as they are. */
  public synchronized void writeError(byte[] bytes) {
    err.write(bytes);
  }

  /** Why stdout took no more, if it did not: usually the reader of a pipe that has gone. */
  public synchronized Optional<IOException> failure() {
    return out.failure();
  }

  /** Throws if stdout took no more, which shows after something was printed. */
  public void requireReader() throws LostReader {
    Optional<IOException> failure = failure();
    if (failure.isPresent()) {
      throw new LostReader(failure.get());
    }
  }

  /** Removes the live rows and closes an open row; lines may still be printed. Idempotent. */
  @Override
  public synchronized void close() {
    live(List.of());
    closed = true;
    closeRow();
  }

  /**
   * One of the two standard outputs. Each call is one write, so that nothing comes between. Once it
   * fails (a pipe whose reader is gone), it takes nothing more. Not thread-safe.
   */
  private static final class Output {

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

  /**
   * The width of the terminal's window: {@code COLUMNS} if it is set, else what the window says,
   * asked once, at the first use; else 80. It only decides where text is cut. Thread-safe.
   */
  private static final class WindowWidth {

    private static final int USUAL = 80;

    private OptionalInt columns;

    WindowWidth(OptionalInt columns) {
      this.columns = columns;
    }

    synchronized int columns() {
      if (columns.isEmpty()) {
        columns = OptionalInt.of(WindowSize.ask().map(WindowSize::columns).orElse(USUAL));
      }
      return columns.getAsInt();
    }
  }

  /** The reader of the output has gone: {@code topology events -f | head}. */
  public static final class LostReader extends IOException {

    private static final long serialVersionUID = 1L;

    private LostReader(IOException cause) {
      super(cause);
    }
  }
}
