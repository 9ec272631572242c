package dev.topology.promises;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import dev.topology.cli.Main;
import dev.topology.testing.ChildJvm;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Starts programs as JVMs of their own, with directories that nobody else uses, and finds every
 * process that came of them, whoever its parent is by now: all inherit a variable of the
 * environment, or have the topology's name in their arguments.
 */
final class ProgramRuns {

  private static final Pattern READY = Pattern.compile(" ready after ");

  private static final String MARK = "TOPOLOGY_PROMISE";

  private final Path directory;
  private Path output;
  private int started;
  private final Map<String, String> environment = new HashMap<>();
  private List<String> wrapper = List.of();
  private final String mark = UUID.randomUUID().toString();

  ProgramRuns(Path directory) throws IOException {
    this.directory = directory;
    this.output = directory.resolve("output");
    // What is known of this host, and the image, need not be found out again.
    Path cache = Files.createDirectories(directory.resolve("cache")).resolve("topology");
    Files.createSymbolicLink(cache, TestHost.cache());
  }

  /** Where running topologies have their directories. */
  Path runtime() {
    return directory.resolve("run").resolve("topology");
  }

  /** A topology's name that no other test's has. */
  String name() {
    return "p" + mark.substring(0, 8);
  }

  /** Sets a variable of the environment of what is started from now on. */
  ProgramRuns with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** A command that runs what is started from now on. */
  ProgramRuns under(String... command) {
    wrapper = List.of(command);
    return this;
  }

  /** Starts the program that {@code target/topology} is. */
  Process topology(String... arguments) throws IOException {
    return start(List.of(), Main.class, arguments);
  }

  /** Starts a class; its output and errors are in {@link #output}. */
  Process start(List<String> jvmArguments, Class<?> main, String... arguments) throws IOException {
    List<String> limits = new ArrayList<>(List.of("-Xmx256m", "-Djava.io.tmpdir=" + directory));
    limits.addAll(jvmArguments);
    List<String> command = new ArrayList<>(wrapper);
    command.addAll(ChildJvm.command(limits, main, arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    output = directory.resolve("output-" + ++started);
    builder.redirectOutput(output.toFile());
    builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    builder.environment().put("XDG_RUNTIME_DIR", directory.resolve("run").toString());
    builder.environment().put(MARK, mark);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Where the program that was started last prints. */
  Path outputFile() {
    return output;
  }

  /** What the program that was started last has printed. */
  String output() throws IOException {
    return Files.readString(output);
  }

  /** Waits for the end of a program, and kills it if that does not come. */
  static boolean ends(Process process, long seconds) throws InterruptedException {
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    process.destroyForcibly();
    return ended;
  }

  /** Waits until so many nodes are ready, as the program that was started last says. */
  void awaitReady(int nodes) {
    Path said = output;
    await()
        .atMost(Duration.ofMinutes(10))
        .until(() -> READY.matcher(Files.readString(said, ISO_8859_1)).results().count() == nodes);
  }

  /**
   * How much memory a process has.
   *
   * @param field {@code VmRSS} for what it has now, {@code VmHWM} for the most it ever had
   * @return in KiB; 0 if it is gone
   */
  static long residentKib(long pid, String field) {
    return of(pid, "status")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** Kills all that came of what was started here. */
  void killAll() {
    processes().forEach(it -> ProcessHandle.of(it).ifPresent(ProcessHandle::destroyForcibly));
  }

  /** Every process that came of what was started here, zombies apart. */
  List<Long> processes() {
    return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(this::isOurs).toList();
  }

  /** The processes whose arguments contain that. */
  List<Long> processes(String argument) {
    return processes().stream().filter(it -> of(it, "cmdline").contains(argument)).toList();
  }

  private boolean isOurs(long pid) {
    return of(pid, "environ").contains(MARK + "=" + mark)
        || of(pid, "cmdline").contains("guest=" + name() + ".")
        || of(pid, "cmdline").contains(directory + "/");
  }

  /** Empty for a zombie, and for a process of somebody else. */
  private static String of(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(pid), file), ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  /** What is in the run directory of the topology. */
  List<String> files() throws IOException {
    Path run = runtime().resolve(name());
    if (!Files.isDirectory(run)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(run)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
