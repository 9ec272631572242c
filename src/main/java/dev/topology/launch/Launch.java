package dev.topology.launch;

import dev.topology.plan.LaunchPlan;
import dev.topology.run.RunDirectory;
import dev.topology.run.RunListener;
import dev.topology.run.RunningTopology;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A topology that was launched, and the directory that is its own while it runs.
 *
 * <p>Closing it ends the run and gives the directory up; its files stay, for the reader of a
 * failure, until the next run of that name, unless {@link #discardFiles} was called.
 */
public final class Launch implements AutoCloseable {

  private final RunDirectory directory;
  private final RunningTopology topology;
  private volatile boolean filesAreKept = true;

  private Launch(RunDirectory directory, RunningTopology topology) {
    this.directory = directory;
    this.topology = topology;
  }

  static Launch start(LaunchPlan plan, RunListener listener) {
    PrivateDirectory.require(plan.runDirectory().getParent());
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

  /** Keeps the directory's files from those who clear away what is old. */
  public void touchFiles() throws IOException {
    directory.touch();
  }

  /** Has the directory removed when this is closed. */
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
}
