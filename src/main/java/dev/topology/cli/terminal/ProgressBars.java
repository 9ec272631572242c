package dev.topology.cli.terminal;

import dev.topology.cli.terminal.TerminalTraits.Glyphs;
import dev.topology.text.HumanText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Several downloads at once, one row each:
 *
 * <pre>
 *   linux-image-cloud-amd64   ████████░░░░░░░░░░░░  10.7 of 26.7 MB
 * </pre>
 *
 * <p>A row that is done stays in the terminal above those that are not. Without a terminal, each is
 * one line when it is done. Thread-safe; redraws at most ten times a second.
 */
public final class ProgressBars implements AutoCloseable {

  private static final int CELLS = 20;
  private static final int ROWS = 8;
  private static final long REDRAW_NANOS = 100_000_000;

  private record Amount(long done, long total) {}

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final int nameWidth;
  private final Map<String, Amount> running = new LinkedHashMap<>();
  private long drawnNanos;

  /**
   * @param names what will be downloaded, so that all rows have their columns in the same places
   */
  public ProgressBars(Terminal terminal, List<String> names) {
    this(terminal, names, System::nanoTime);
  }

  ProgressBars(Terminal terminal, List<String> names, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.nameWidth = names.stream().mapToInt(String::length).max().orElse(0);
    this.drawnNanos = nanoTime.getAsLong() - REDRAW_NANOS;
  }

  /**
   * Notes how far a download is.
   *
   * @param doneBytes how much is there
   * @param totalBytes how much there will be; 0 if unknown
   */
  public synchronized void progress(String name, long doneBytes, long totalBytes) {
    running.put(name, new Amount(doneBytes, totalBytes));
    long now = nanoTime.getAsLong();
    if (now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      draw();
    }
  }

  /** A download is complete. */
  public synchronized void done(String name, long bytes) {
    running.remove(name);
    String bar = terminal.isLive() ? terminal.glyphs().full().repeat(CELLS) + "  " : "";
    terminal.print(label(name) + bar + HumanText.bytes(bytes));
    draw();
  }

  private void draw() {
    List<String> rows = new ArrayList<>();
    running.forEach((name, amount) -> rows.add(row(name, amount)));
    if (rows.size() > ROWS) {
      String others = "  and " + (rows.size() - ROWS + 1) + " others";
      rows.subList(ROWS - 1, rows.size()).clear();
      rows.add(others);
    }
    terminal.live(rows);
  }

  private String row(String name, Amount amount) {
    long total = Math.max(amount.total, amount.done);
    int full = amount.total <= 0 ? 0 : (int) (CELLS * amount.done / total);
    Glyphs glyphs = terminal.glyphs();
    String size =
        amount.total <= 0
            ? HumanText.bytes(amount.done)
            : HumanText.bytes(amount.done) + " of " + HumanText.bytes(total);
    return label(name)
        + glyphs.full().repeat(full)
        + glyphs.empty().repeat(CELLS - full)
        + "  "
        + size;
  }

  private String label(String name) {
    return "  " + name + " ".repeat(Math.max(0, nameWidth - name.length())) + "   ";
  }

  /** Removes the rows of what is not done. */
  @Override
  public synchronized void close() {
    running.clear();
    terminal.live(List.of());
  }
}
