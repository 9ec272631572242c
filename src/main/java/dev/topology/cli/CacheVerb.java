package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.terminal.Table;
import dev.topology.snapshot.SnapshotStore;
import dev.topology.snapshot.SnapshotStore.Kept;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cache}: the saved guests of this user, of which nodes are clones. */
final class CacheVerb implements Verb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Lists and removes the saved guests that nodes are cloned from.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public List<Part> parts() {
    return List.of(new Part("list", new CacheListVerb()), new Part("clear", new CacheClearVerb()));
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say what to do: topology cache list or clear");
  }

  /** {@code topology cache list}. */
  private static final class CacheListVerb implements Verb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(this, "Lists the saved guests of this user, the one used last first.")
          .footer(
              "",
              "A guest is saved when a topology that boots one like it is brought up for the first",
              "time. Those used longest ago are removed when all have more than 4 GiB of memory.")
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
      if (all.isEmpty()) {
        invocation.printError("no saved guests yet in " + invocation.user().snapshots());
        return ExitCode.DONE;
      }
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("NAME", "MEMORY", "USED", "BOOTS"));
      all.forEach(each -> rows.add(row(each)));
      invocation.print(new Table(rows).toString());
      return ExitCode.DONE;
    }

    private static List<String> row(Kept kept) {
      Duration since = Duration.between(kept.usedAt(), Instant.now());
      return List.of(
          kept.name(),
          HumanText.bytes(kept.bytes()),
          HumanText.elapsed(since) + " ago",
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
      return VerbSpec.of(this, "Removes all saved guests. Nodes that run are not disturbed.")
          .exits(ExitCode.DONE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation) throws IOException {
      int count = new SnapshotStore(invocation.user().snapshots()).clear();
      invocation.print("removed " + HumanText.count(count, "saved guest"));
      return ExitCode.DONE;
    }
  }
}
