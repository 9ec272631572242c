package dev.topology.run;

import static dev.topology.run.TestNode.node;
import static org.awaitility.Awaitility.await;

import dev.topology.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** A JVM of its own that runs topologies: what it leaves behind, and what it leaves when killed. */
final class RunInChild {

  private RunInChild() {}

  static Process start(String... arguments) throws IOException {
    List<String> command = ChildJvm.command(RunInChild.class, arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    if (arguments[0].equals("hold")) {
      hold(directory);
    } else {
      repeat(Integer.parseInt(arguments[0]), directory);
    }
  }

  private static void hold(Path directory) throws Exception {
    var topology = TestNode.topology("held", node("a"), node("b"), node("c"), node("d"));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().hostPorts().get();
      say("up");
      run.outcome();
    }
  }

  /** The first run loads and starts what stays; the others must add nothing to it. */
  private static void repeat(int times, Path directory) throws Exception {
    once(directory);
    String before = await().until(RunInChild::belongings, it -> !it.contains("-one"));
    for (int i = 0; i < times; i++) {
      once(directory);
    }
    say(before);
    say(belongingsOnce(before));
    try (Stream<Path> files = Files.list(directory)) {
      say(files.map(Path::getFileName).sorted().toList().toString());
    }
  }

  private static void once(Path directory) throws Exception {
    var topology = TestNode.topology("again", node("one").hasChannels("c").publishes(80));
    try (RecordedRun run = RecordedRun.of(topology, directory)) {
      run.running().awaitReady();
      RunningNode one = run.running().node("one");
      one.shell().run("echo x >/dev/virtio-ports/c & echo hello").expectSuccess();
      one.channel("c").input().read();
      one.console().sendLine("");
    }
  }

  /** Threads whose work is done may still be on their way out. */
  private static String belongingsOnce(String expected) {
    try {
      return await().until(RunInChild::belongings, expected::equals);
    } catch (ConditionTimeoutException e) {
      return belongings();
    }
  }

  private static String belongings() {
    List<String> threads =
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList();
    File[] descriptors = new File("/proc/self/fd").listFiles();
    long children = ProcessHandle.current().children().count();
    return threads + " " + (descriptors == null ? -1 : descriptors.length) + " " + children;
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
