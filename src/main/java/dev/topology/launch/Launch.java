package dev.topology.launch;

import dev.topology.plan.LaunchPlan;
import dev.topology.posix.PrivateDirectory;
import dev.topology.posix.Reasons;
import dev.topology.run.RunDirectory;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningTopology;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A topology that was launched, and the directory that is its own while it runs.
 *
 * <p>Closing it ends the run and gives the directory up; its files stay, for the reader of a
 * failure, until the next run of that name, unless {@link #discardFiles} was called.
 */
public final class Launch implements AutoCloseable {

  private static final String CANNOT_KEEP = "cannot keep running topologies under ";

  private final RunDirectory directory;
  private final RunningTopology topology;
  private volatile boolean filesAreKept = true;

  private Launch(RunDirectory directory, RunningTopology topology) {
    this.directory = directory;
    this.topology = topology;
  }

  /**
   * Carries a plan out. Returns as soon as it is begun.
   *
   * @throws LaunchException if a topology of that name is running, or the host lets no part start
   */
  public static Launch start(LaunchPlan plan, RunListener listener) {
    requirePrivate(plan.runDirectory().getParent());
    RunDirectory directory = RunDirectory.open(plan.runDirectory());
    try {
      return new Launch(directory, RunningTopology.start(plan, listener));
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** What runs. */
  public RunningTopology topology() {
    return topology;
  }

  /** Where its console logs are. */
  public Path directory() {
    return directory.path();
  }

  /** Whether the directory is still there, and still this run's. */
  public boolean holdsDirectory() {
    return directory.isHeld();
  }

  /** Makes the directory's files look new to programs that remove old files. */
  public void touchFiles() throws IOException {
    directory.touch();
  }

  /** Removes the directory when this is closed. */
  public void discardFiles() {
    filesAreKept = false;
  }

  @Override
  public void close() {
    topology.close();
    if (filesAreKept) {
      directory.close();
    } else {
      directory.delete();
    }
  }

  /**
   * Makes a directory that is this user's alone, if it is not there. Under {@code /tmp} anybody can
   * make a directory of the name that we would give ours, or a link in its place, and read what we
   * put there.
   *
   * @throws LaunchException if it cannot be made, or is another user's
   */
  static void requirePrivate(@Nullable Path directory) {
    if (directory == null) {
      return;
    }
    try {
      if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        PrivateDirectory.create(directory);
      }
      requireOwn(directory);
    } catch (IOException e) {
      throw new LaunchException(
          CANNOT_KEEP + directory + ": " + Reasons.of(e),
          Reasons.remedy(e, "choose another place with XDG_RUNTIME_DIR"),
          e);
    }
  }

  private static void requireOwn(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(directory, "it is not a directory");
    }
    if (!PrivateDirectory.isOwn(directory)) {
      throw refused(directory, "it belongs to another user");
    }
  }

  private static LaunchException refused(Path directory, String why) {
    return new LaunchException(
        CANNOT_KEEP + directory + ": " + why,
        "remove it, or choose another place with XDG_RUNTIME_DIR",
        null);
  }
}
