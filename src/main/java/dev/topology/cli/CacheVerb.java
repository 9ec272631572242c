package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.terminal.Table;
import dev.topology.launch.Checkpoints;
import dev.topology.launch.Checkpoints.Checkpoint;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.snapshot.SnapshotStore;
import dev.topology.snapshot.SnapshotStore.Kept;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code topology cache}: what this user has saved, guests of which nodes are clones and
 * checkpoints.
 */
final class CacheVerb implements Verb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Lists and removes saved guests and checkpoints.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public List<Part> parts() {
    return List.of(
        new Part("list", new CacheListVerb()),
        new Part("clear", new CacheClearVerb()),
        new Part("remove", new CacheRemoveVerb()));
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say what to do: topology cache list, clear or remove");
  }

  /** {@code topology cache list}. */
  private static final class CacheListVerb implements Verb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(
              this, "Lists what is saved: guests that nodes are cloned from, checkpoints.")
          .footer(
              "",
              "A guest is saved when a topology that boots one like it is brought up for the first",
              "time. Those used longest ago are removed when all have more than 4 GiB of memory.",
              "A checkpoint is made by `topology checkpoint`, and stays until it is removed.")
          .exits(ExitCode.DONE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
      SnapshotStore store = new SnapshotStore(invocation.user().snapshots());
      List<Kept> all = store.list();
      store
          .failures()
          .forEach(
              (name, why) ->
                  invocation.printError(
                      name + ": guests like it boot, for none can be saved: " + why));
      List<List<String>> checkpoints = checkpoints(invocation);
      if (all.isEmpty() && checkpoints.isEmpty()) {
        invocation.printError("nothing is saved yet in " + invocation.user().cache());
        return ExitCode.DONE;
      }
      if (!all.isEmpty()) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("GUEST", "MEMORY", "USED", "BOOTS"));
        all.forEach(each -> rows.add(row(each)));
        invocation.print(new Table(rows).toString());
      }
      if (!checkpoints.isEmpty()) {
        checkpoints.add(0, List.of("CHECKPOINT", "TOPOLOGY", "SIZE", "MADE", "DIRECTORY"));
        invocation.print(new Table(checkpoints).toString());
      }
      return ExitCode.DONE;
    }

    private static List<List<String>> checkpoints(Invocation invocation) throws IOException {
      Checkpoints checkpoints = new Checkpoints(invocation.user());
      List<List<String>> rows = new ArrayList<>();
      for (String name : checkpoints.names()) {
        try {
          rows.add(row(name, checkpoints.open(name)));
        } catch (LaunchException e) {
          invocation.printError(e.what() + "\n  `topology cache remove " + name + "` removes it");
        }
      }
      return rows;
    }

    private static List<String> row(String name, Checkpoint checkpoint) throws IOException {
      return List.of(
          name,
          checkpoint.name(),
          HumanText.bytes(checkpoint.bytes()),
          ago(checkpoint.madeAt()),
          checkpoint.place().toString());
    }

    private static String ago(Instant moment) {
      return HumanText.elapsed(Duration.between(moment, Instant.now())) + " ago";
    }

    private static List<String> row(Kept kept) {
      return List.of(
          kept.name(),
          HumanText.bytes(kept.bytes()),
          ago(kept.usedAt()),
          after("-kernel", kept.lines()));
    }

    private static String after(String option, List<String> arguments) {
      int at = arguments.indexOf(option);
      return at < 0 || at + 1 >= arguments.size() ? "?" : arguments.get(at + 1);
    }
  }

  /** {@code topology cache clear}. */
  private static final class CacheClearVerb implements Verb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(
              this,
              "Removes all saved guests, and no checkpoint. Nodes that run are not disturbed.")
          .exits(ExitCode.DONE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
      int count = new SnapshotStore(invocation.user().snapshots()).clear();
      invocation.print("removed " + HumanText.count(count, "saved guest"));
      return ExitCode.DONE;
    }
  }

  /** {@code topology cache remove}. */
  private static final class CacheRemoveVerb implements Verb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(
              this, "Removes checkpoints. What was brought back from them is not disturbed.")
          .positional("CHECKPOINT", "1..*", String.class, "The checkpoint's name.")
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation) throws UsageException, IOException {
      Checkpoints checkpoints = new Checkpoints(invocation.user());
      List<String> wanted = invocation.<String>arguments().stream().distinct().toList();
      List<String> names = checkpoints.names();
      for (String name : wanted) {
        if (!names.contains(name)) {
          throw new UsageException(
              "there is no checkpoint \"" + name + "\"" + UsageErrors.meant(name, names));
        }
      }
      for (String name : wanted) {
        checkpoints.remove(name);
        invocation.print("removed " + name);
      }
      return ExitCode.DONE;
    }
  }
}
