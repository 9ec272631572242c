package dev.topology.launch;

import dev.topology.host.HostResources;
import dev.topology.language.load.LoadResult.InvalidTopologyException;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.launch.Selection.UnknownNodeException;
import dev.topology.model.Node;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.SavedRun;
import dev.topology.posix.FileStamp;
import dev.topology.posix.Reasons;
import dev.topology.run.RunningTopology;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.snapshot.CheckpointDirectory;
import dev.topology.text.RecordText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a user: runs that were saved as a whole, each with the text of its file.
 *
 * <p>One is used only where all that could make a difference is as it was: the program, QEMU, the
 * accelerator, the host's processor, the files that nodes boot from, and what the text says.
 */
public final class Checkpoints {

  private static final String PROGRAM =
      "topology "
          + Optional.ofNullable(Checkpoints.class.getPackage().getImplementationVersion())
              .orElse("(not packaged)");

  private static final Pattern NAME_OF_ONE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final String DIRECTORY = "checkpoints";
  private static final String FILE = "file";
  private static final String TEXT = "text";
  private static final String NAME = "name";
  private static final String NODES = "nodes";
  private static final String MODEL = "model";
  private static final String MACHINE = "machine";

  private final UserDirectories user;

  public Checkpoints(UserDirectories user) {
    this.user = user;
  }

  /** Whether one below the cache can be called that. */
  public static boolean isName(String text) {
    return NAME_OF_ONE.matcher(text).matches();
  }

  /** The names of those below the cache, usable or not, in alphabetical order. */
  public List<String> names() throws IOException {
    Path all = user.cache().resolve(DIRECTORY);
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> places = Files.list(all)) {
      return places
          .filter(CheckpointDirectory::isThere)
          .map(it -> it.getFileName().toString())
          .filter(Checkpoints::isName)
          .sorted()
          .toList();
    }
  }

  /**
   * Removes one that has a name. What was brought back from it runs on.
   *
   * @throws NoSuchFileException if there is none
   */
  public void remove(String name) throws IOException {
    CheckpointDirectory.remove(place(name));
  }

  /** Where one is that the user names: a path if that has a slash, else below the cache. */
  public Path place(String nameOrPath) {
    return isPath(nameOrPath)
        ? user.resolve(Path.of(nameOrPath))
        : user.cache().resolve(DIRECTORY).resolve(nameOrPath);
  }

  private static boolean isPath(String nameOrPath) {
    return nameOrPath.contains("/");
  }

  /**
   * Saves a run. Blocks as {@link RunningTopology#checkpoint} does, and then until all is on the
   * disk.
   *
   * @param file from which the topology was read; absolute
   * @param place where no checkpoint is, unless it is to be replaced
   * @return how many bytes it has
   * @throws LaunchException if that cannot be done
   */
  public long save(RunningTopology running, Path file, Path place, boolean replaces)
      throws InterruptedException {
    String text = textOf(running, file);
    try {
      return CheckpointDirectory.make(
          place,
          replaces,
          directory -> {
            running.checkpoint(directory);
            return Map.of(
                FILE,
                List.of(file.toString()),
                TEXT,
                List.of(text),
                NAME,
                List.of(running.topology().name()),
                NODES,
                running.topology().nodes().stream().map(Node::name).toList(),
                MODEL,
                List.of(RecordText.of(running.topology())),
                MACHINE,
                machine(running.plan()));
          });
    } catch (FileAlreadyExistsException e) {
      throw CheckpointDirectory.isThere(place)
          ? new LaunchException(
              place + " is there already", "choose another name, or replace it with --force", e)
          : new LaunchException(
              place + " is there already, and is no checkpoint",
              "name a directory that is not there yet",
              e);
    } catch (IOException e) {
      throw new LaunchException(
          "cannot save " + running.topology().name() + " in " + place + ": " + Reasons.of(e),
          Reasons.remedy(e, "name another directory with --output"),
          e);
    }
  }

  /** The text of the file of a run, which still has to say what runs. */
  private String textOf(RunningTopology running, Path file) {
    try {
      String text = Files.readString(file);
      Topology read = read(text, file, running.topology().name(), names(running.topology()));
      if (RecordText.of(read).equals(RecordText.of(running.topology()))) {
        return text;
      }
      throw new LaunchException(
          file + " does not say any more what runs, so nothing could be brought back by it",
          "bring the run to it with `topology apply`, or bring the file up anew",
          null);
    } catch (IOException e) {
      throw new LaunchException(
          "cannot read " + file + ", by which all is brought back: " + Reasons.of(e),
          "put the file there; what was read from standard input was in none, and cannot be saved",
          e);
    }
  }

  private static List<String> names(Topology topology) {
    return topology.nodes().stream().map(Node::name).toList();
  }

  private Topology read(String text, Path file, String name, List<String> nodes) {
    Path directory = Optional.ofNullable(file.getParent()).orElse(user.directory());
    Launcher there =
        new Launcher(
            new UserDirectories(user.environment(), directory, user.cache(), user.runtime()));
    try {
      Topology all =
          there
              .load(
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), file.toString())
              .orElseThrow();
      Topology some = names(all).equals(nodes) ? all : Selection.of(all, nodes);
      return some.name().equals(name) ? some : some.named(name);
    } catch (UnknownNodeException | InvalidTopologyException e) {
      throw new LaunchException(
          "the text that was saved of " + file + " cannot be used any more: " + e.getMessage(),
          "put back what it names, or bring the file up anew",
          e);
    }
  }

  /** What runs the nodes of a plan, and what they were booted from, a line each. */
  private static List<String> machine(LaunchPlan plan) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("program: " + PROGRAM);
    lines.add("processor: " + HostResources.processor());
    for (NodePlan node : plan.nodes()) {
      String of = " of " + node.name() + ": ";
      lines.add("accelerator" + of + node.accelerator());
      lines.add("QEMU" + of + node.qemu().version() + " " + FileStamp.named(node.qemu().path()));
      for (Path file : node.boots()) {
        lines.add("boot file" + of + FileStamp.named(file));
      }
    }
    return lines;
  }

  /**
   * Finds a checkpoint.
   *
   * @param nameOrPath as the user named it
   * @throws LaunchException if there is none, or it is not to be used
   */
  public Checkpoint open(String nameOrPath) {
    Path place = place(nameOrPath);
    try {
      return new Checkpoint(CheckpointDirectory.open(place), !isPath(nameOrPath));
    } catch (NoSuchFileException e) {
      throw new LaunchException(
          "there is no checkpoint " + place,
          isPath(nameOrPath) || !CheckpointDirectory.isThere(user.resolve(Path.of(nameOrPath)))
              ? "`topology checkpoint` makes one of what runs"
              : "the one in this directory is ./" + nameOrPath,
          e);
    } catch (IOException e) {
      throw unusable(place, Reasons.of(e));
    }
  }

  private static LaunchException unusable(Path place, String why) {
    return new LaunchException(
        "the checkpoint " + place + " cannot be used: " + why, "make another one", null);
  }

  /** A checkpoint that is there. */
  public final class Checkpoint {

    private final Path place;
    private final CheckpointDirectory saved;
    private final boolean isKept;

    /**
     * @param isKept whether it is in the cache, by its name
     */
    private Checkpoint(CheckpointDirectory saved, boolean isKept) {
      // Not by a symbolic link, which somebody else might change after it was looked at.
      this.place = saved.place();
      this.saved = saved;
      this.isKept = isKept;
    }

    /** When it was made. */
    public Instant madeAt() throws IOException {
      return saved.madeAt();
    }

    /** How many bytes its files have. */
    public long bytes() throws IOException {
      return saved.bytes();
    }

    /** The name of the topology that was saved. */
    public String name() {
      return one(NAME);
    }

    /** Where it is; absolute. */
    public Path place() {
      return place;
    }

    /** The file of the topology that was saved; absolute. It need not be there any more. */
    public Path file() {
      String path = one(FILE);
      if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
        throw unusable(place, "in its manifest, \"" + FILE + "\" is not the path of a file");
      }
      return Path.of(path);
    }

    private String one(String key) {
      List<String> all = saved.known(key);
      if (all.size() != 1) {
        throw unusable(place, "its manifest lacks \"" + key + "\"");
      }
      return all.get(0);
    }

    /**
     * The topology that was saved.
     *
     * @throws LaunchException if its text does not say the same any more
     */
    public Topology topology() {
      Topology read = read(one(TEXT), file(), one(NAME), saved.known(NODES));
      if (!RecordText.of(read).equals(one(MODEL))) {
        throw unusable(
            place,
            "its text says something else now; a variable (\"${…}\") that it names may have changed");
      }
      return read;
    }

    /**
     * How it is brought back. Nothing that is damaged is used: blocks while all of it is read,
     * unless it is in the cache, as it was written there.
     *
     * @param prepared that topology, perhaps under another name
     * @throws LaunchException if this host is not as it was, or a file is not what was saved
     */
    public LaunchPlan plan(Preparation prepared) throws PlanException {
      LaunchPlan plan = prepared.planFrom(new SavedRun(place));
      try {
        Iterator<String> lines = saved.known(MACHINE).iterator();
        for (String now : machine(plan)) {
          String before = lines.hasNext() ? lines.next() : "";
          if (!now.equals(before)) {
            throw unusable(place, "what it was saved with has changed: " + before + "; now " + now);
          }
        }
        saved.verify(isKept);
        return plan;
      } catch (IOException e) {
        throw unusable(place, Reasons.of(e));
      }
    }
  }
}
