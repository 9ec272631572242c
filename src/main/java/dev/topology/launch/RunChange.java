package dev.topology.launch;

import dev.topology.host.UnfitHostException;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.launch.Selection.UnknownNodeException;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.PlanChange;
import dev.topology.plan.Planner.PlanException;
import dev.topology.run.RunningTopology;
import dev.topology.run.node.RunException.LaunchException;
import java.io.InputStream;
import java.util.List;

/** Brings a topology that runs to what a file says now. Thread-safe. */
public final class RunChange {

  private final RunningTopology running;
  private final Launcher launcher;
  private final boolean boots;

  /**
   * @param user whose variables are those of the file, and where relative paths in it start
   * @param boots whether new nodes are booted, rather than cloned
   */
  public RunChange(RunningTopology running, UserDirectories user, boolean boots) {
    this.running = running;
    this.boots = boots;
    this.launcher = new Launcher(user);
  }

  /**
   * What {@link #carryOut} would do, in words. Builds and fetches nothing.
   *
   * @param text is read to its end
   * @param name what messages call the file
   * @param only the nodes that are meant; all without any
   * @throws dev.topology.language.load.LoadResult.InvalidTopologyException if the file is wrong
   * @throws LaunchException if this host cannot do it
   */
  public List<String> preview(InputStream text, String name, List<String> only)
      throws UnknownNodeException, InterruptedException {
    return texts(running.changesTo(plan(text, name, only, /* dry= */ true)));
  }

  /**
   * Does it, as {@link RunningTopology#apply} does, and returns what was done, in words.
   *
   * @throws dev.topology.language.load.LoadResult.InvalidTopologyException if the file is wrong
   * @throws LaunchException if this host cannot do it, or not all of it
   */
  public List<String> carryOut(InputStream text, String name, List<String> only)
      throws UnknownNodeException, InterruptedException {
    return texts(running.apply(plan(text, name, only, /* dry= */ false)));
  }

  private static List<String> texts(List<PlanChange> changes) {
    return changes.stream().map(PlanChange::describe).toList();
  }

  private Preparation prepare(Topology wanted, boolean dry)
      throws UnfitHostException, ImageException, PlanException, InterruptedException {
    if (dry) {
      return launcher.preview(wanted);
    }
    BuildListener silent = new BuildListener() {};
    return boots ? launcher.prepare(wanted, silent) : launcher.prepareClones(wanted, silent);
  }

  private LaunchPlan plan(InputStream text, String name, List<String> only, boolean dry)
      throws UnknownNodeException, InterruptedException {
    Topology all = launcher.loadAfter(running.topology(), text, name).orElseThrow();
    Topology wanted = only.isEmpty() ? all : Selection.of(all, only);
    try {
      return prepare(wanted, dry).planAfter(running.plan());
    } catch (UnfitHostException e) {
      throw new LaunchException(String.valueOf(e.getMessage()), e.remedy(), e);
    } catch (ImageException | PlanException e) {
      throw new LaunchException(String.valueOf(e.getMessage()), "", e);
    }
  }
}
