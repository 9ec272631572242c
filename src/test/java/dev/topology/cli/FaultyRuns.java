package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.launch.UserDirectories;
import dev.topology.posix.Faults;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A JVM of its own, over {@link Faults}, that runs {@code topology up} again and again and has one
 * call of the operating system fail each time. It prints a line a run; one that breaks the promise
 * begins with {@code BROKEN}.
 */
public final class FaultyRuns {

  private static final int ERRORS = 3;

  /** What a file of one byte takes of a tmpfs. */
  private static final int BLOCK_KIB = 4;

  /** A run takes a second, and one with a Linux in it ten; many times that on a busy machine. */
  private static final long SECONDS = 660;

  private static final long SETTLING_MILLIS = 3000;

  private static final Pattern KEPT_RUNNING =
      Pattern.compile("runs|Common-Cleaner|process reaper.*");

  private final ExecutorService runner =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "runs"));
  private final UserDirectories user;
  private final String file;
  private int descriptors;
  private Set<String> threads = Set.of();

  private FaultyRuns(String file) {
    this.user = UserDirectories.ofProcess();
    this.file = file;
  }

  /**
   * Runs them.
   *
   * @param arguments the topology file; {@code one} for one fault a run, or {@code nasty} for a
   *     single run in which all calls are short and interrupted; and of how many calls one is
   *     tried. Or {@code disk}, and a directory at which it may mount file systems
   */
  public static void main(String[] arguments) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, problem) -> System.out.println("BROKEN: " + thread + " ended with " + problem));
    FaultyRuns runs = new FaultyRuns(arguments[0]);
    switch (arguments[1]) {
      case "nasty" -> {
        Faults.beNasty();
        runs.tell("nasty", runs.up());
      }
      case "disk" -> runs.fillDisk(Path.of(arguments[2]));
      default -> runs.sweep(Integer.parseInt(arguments[2]));
    }
    System.exit(0);
  }

  private void sweep(int stride) throws Exception {
    // The first run loads what stays, and looks at the host.
    for (int i = 0; i < 2; i++) {
      Faults.fail(0, 0);
      tell("without a fault", up());
    }
    int calls = Faults.calls();
    // Few, and the ones that start QEMU.
    Set<Integer> tried =
        IntStream.rangeClosed(1, calls)
            .filter(call -> call % stride == 1 % stride || Faults.name(call).equals("posix_spawn"))
            .boxed()
            .collect(Collectors.toCollection(TreeSet::new));
    System.gc();
    descriptors = descriptors();
    threads = threads();
    int runs = 0;
    for (int call : tried) {
      for (int error = 0; error < ERRORS; error++) {
        Faults.fail(call, error);
        ProgramRun run = up();
        Optional<String> hit = Faults.hit();
        if (hit.isEmpty()) {
          break;
        }
        tell("call " + call + " of " + calls + ", " + hit.get(), run);
        runs++;
      }
    }
    System.out.println("runs: " + runs);
  }

  /**
   * Runs it on file systems of one file more each time, and then of one block more, until all goes
   * well: so each file that it makes, and each that it writes, meets a full disk once.
   */
  private void fillDisk(Path disk) throws Exception {
    for (int i = 0; i < 2; i++) {
      onDisk(disk, "size=1g");
    }
    System.gc();
    descriptors = descriptors();
    threads = threads();
    onDisk(disk, "ro");
    int runs = 0;
    for (String limit : List.of("nr_inodes=%d", "size=%dk")) {
      int unit = limit.endsWith("k") ? BLOCK_KIB : 1;
      boolean well = false;
      for (int n = 1; !well; n++) {
        well = onDisk(disk, limit.formatted(n * unit));
        runs++;
      }
    }
    System.out.println("runs: " + runs);
  }

  /** Whether nothing went wrong. */
  private boolean onDisk(Path disk, String option) throws Exception {
    Faults.fail(0, 0);
    system("mount", "-t", "tmpfs", "-o", option, "none", disk.toString());
    ProgramRun run = up();
    tell(option, run);
    // It says that it is busy where something is still open.
    system("umount", disk.toString());
    return run.code() == ExitCode.DONE && run.err().isEmpty();
  }

  private static void system(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      System.out.println("BROKEN: " + said.strip());
    }
  }

  private ProgramRun up() throws Exception {
    Future<ProgramRun> run =
        runner.submit(() -> ProgramRun.of(user, "up", file, "--timeout", "10m"));
    try {
      return run.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      Thread.getAllStackTraces()
          .forEach((thread, stack) -> System.out.println(thread + " " + List.of(stack)));
      System.out.println("BROKEN: it hangs after " + Faults.hit());
      System.exit(1);
      throw e;
    }
  }

  private void tell(String what, ProgramRun run) throws InterruptedException {
    String said = run.err().strip().lines().collect(Collectors.joining(" / "));
    Set<String> broken = new TreeSet<>();
    if (!Set.of(ExitCode.DONE, ExitCode.NODE_FAILED, ExitCode.UNFIT_HOST).contains(run.code())) {
      broken.add("status " + run.code());
    }
    if (run.err().contains("Exception") || run.err().contains("a bug")) {
      broken.add("unclear");
    }
    if (run.code() != ExitCode.DONE && run.err().isBlank()) {
      broken.add("silent");
    }
    if (run.err().lines().filter(line -> line.startsWith("topology: ")).count() > 1) {
      broken.add("several messages");
    }
    if (what.contains("posix_spawn") && run.code() == ExitCode.NODE_FAILED) {
      broken.add("the host's fault, not a node's");
    }
    if (run.code() == ExitCode.UNFIT_HOST && run.err().contains("make room") != isFull(said)) {
      broken.add("wrong remedy");
    }
    broken.addAll(left());
    String head = broken.isEmpty() ? "" : "BROKEN " + broken + ": ";
    System.out.println(head + what + " => " + run.code().status() + " " + said);
  }

  private static boolean isFull(String said) {
    String message = said.substring(said.indexOf("topology: ") + 1);
    return message.contains("No space left on device");
  }

  /** What is there that was not before, once it had time to go. */
  private Set<String> left() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLING_MILLIS);
    Set<String> left = leftNow();
    while (!left.isEmpty() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(10);
      left = leftNow();
    }
    return left;
  }

  private Set<String> leftNow() {
    Set<String> left = new TreeSet<>();
    ProcessHandle.current().descendants().forEach(it -> left.add("process " + it.info()));
    if (descriptors > 0) {
      if (descriptors() > descriptors) {
        left.add(descriptors() - descriptors + " descriptors");
      }
      threads().stream()
          .filter(it -> !threads.contains(it))
          .forEach(it -> left.add("thread " + it));
    }
    return left;
  }

  private static int descriptors() {
    String[] numbers = new File("/proc/self/fd").list();
    return numbers == null ? -1 : numbers.length;
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !KEPT_RUNNING.matcher(name).matches())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
