package dev.topology.cli.report;

import dev.topology.cli.terminal.ProgressBars;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cli.terminal.StopSignals.StoppedBySignal;
import dev.topology.cli.terminal.Terminal;
import dev.topology.image.BuildListener;
import dev.topology.image.BuildListener.BuildSummary;
import dev.topology.image.BuildListener.PackageDownload;
import dev.topology.text.HumanText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Shows the progress of building a guest image. */
public final class BuildProgress implements BuildListener, AutoCloseable {

  /** The headline of a build that the user did not ask for. */
  public static final String WHEN_MISSING =
      "Guest image \"default\" is missing; building it from this system's packages (once)";

  private final Terminal terminal;
  private String headline;
  private boolean begun;
  private Optional<ProgressBars> bars = Optional.empty();

  /**
   * Shows nothing yet.
   *
   * @param headline printed when something begins
   */
  public BuildProgress(Terminal terminal, String headline) {
    this.terminal = terminal;
    this.headline = headline;
  }

  private void begin() {
    if (!begun) {
      begun = true;
      terminal.print(headline);
    }
  }

  /** Does work that may build an image; if a signal stops it, says that, and nothing else. */
  public <T> T during(StopSignals signals, StopSignals.Work<T> work) throws Exception {
    try {
      return signals.during(work);
    } catch (StoppedBySignal stopped) {
      close();
      if (begun) {
        terminal.printError("topology: stopped: no image was built");
      }
      throw stopped;
    }
  }

  @Override
  public void outdated() {
    begun = true;
    terminal.print(
        "Guest image \"default\" was built by another version of topology; building it again");
  }

  @Override
  public void damaged(String name, String why) {
    headline = "Guest image \"" + name + "\" is damaged (" + why + "); building it again";
    begin();
  }

  @Override
  public void container(String name) {
    begun = true;
    terminal.print("Container image " + name);
  }

  @Override
  public void saving(String node) {
    terminal.live(List.of("  saving a guest like " + node + " (once)"));
  }

  @Override
  public void waiting() {
    begin();
    terminal.live(List.of("  waiting for another build to end"));
  }

  @Override
  public void resolved(List<PackageDownload> downloads) {
    begin();
    bars =
        Optional.of(
            new ProgressBars(terminal, downloads.stream().map(PackageDownload::name).toList()));
  }

  @Override
  public void downloading(PackageDownload download, long bytes) {
    if (bytes >= download.bytes()) {
      bars.ifPresent(shown -> shown.done(download.name(), bytes));
    } else {
      bars.ifPresent(shown -> shown.progress(download.name(), bytes, download.bytes()));
    }
  }

  @Override
  public void step(String phrase) {
    begin();
    terminal.live(List.of("  " + phrase));
  }

  @Override
  public void finished(BuildSummary summary) {
    close();
    String kernel = summary.image().kernelVersion();
    terminal.print(
        "  "
            + (kernel.isEmpty() ? "" : "kernel " + kernel + ", ")
            + HumanText.count(summary.modules(), "module")
            + ", initramfs "
            + HumanText.bytes(summary.initramfsBytes())
            + " "
            + terminal.glyphs().arrow()
            + " "
            + fromHome(summary.image().directory())
            + "   "
            + HumanText.duration(summary.duration()));
  }

  /** {@code ~/.cache/topology/images/default}. */
  private static String fromHome(Path path) {
    Path home = Path.of(System.getProperty("user.home", "/"));
    return path.startsWith(home) && home.getNameCount() > 0
        ? "~/" + home.relativize(path)
        : path.toString();
  }

  @Override
  public void close() {
    bars.ifPresent(ProgressBars::close);
    bars = Optional.empty();
    terminal.live(List.of());
  }
}
