package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.launch.UserDirectories;
import dev.topology.model.Architecture;
import dev.topology.testing.ChildJvm;
import dev.topology.testing.FakeQemu;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A directory with all that a run of the program takes from around it, and nothing of the host. */
final class Place {

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();

  Place(Path directory) {
    this.directory = directory;
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    environment.put("XDG_RUNTIME_DIR", directory.resolve("run").toString());
  }

  UserDirectories user() {
    return UserDirectories.of(environment, directory);
  }

  Path directory() {
    return directory;
  }

  Place with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** A QEMU that passes every examination, and does that when it is to run a guest. */
  Place withQemuThat(String does) throws IOException {
    return with("TOPOLOGY_QEMU", FakeQemu.thatPasses(directory, does).program().toString());
  }

  /** A QEMU whose guests do nothing until they are ended, or a long time is over. */
  Place withQemuThatWaits() throws IOException {
    return withQemuThat(notingItself("exec sleep 600"));
  }

  /** A command of a script whose processes {@link #processes} tells. */
  String notingItself(String command) {
    return "echo $$ >> " + directory.resolve("pids") + "; " + command;
  }

  /** The processes that noted themselves, in the order of their starts. */
  List<Long> processes() throws IOException {
    Path pids = directory.resolve("pids");
    return Files.exists(pids)
        ? Files.readAllLines(pids).stream().map(Long::parseLong).toList()
        : List.of();
  }

  static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** What passes for the built-in image with such a QEMU. */
  Place withImage() throws IOException {
    FakeQemu.imageIn(user().images(Architecture.AMD64));
    return this;
  }

  /** The images of this host, the built-in one among them: for real guests. */
  Place withImagesOfHost() throws IOException {
    assertThat(TestHost.guests().images()).containsKey("default");
    Files.createDirectories(user().cache().resolveSibling(""));
    Files.createSymbolicLink(user().cache(), TestHost.cache());
    return this;
  }

  /** A topology file, and its path. */
  String file(String name, String yaml) throws IOException {
    return Files.writeString(directory.resolve(name), yaml).toString();
  }

  ProgramRun run(String... arguments) {
    return ProgramRun.of(user(), arguments);
  }

  /** A text with this directory's name taken out of it. */
  String anonymous(String text) {
    return text.replace(directory.toString(), "/place");
  }

  /** The program in a JVM of its own; its output and errors are one. */
  ProcessBuilder program(List<String> jvmArguments, String... arguments) {
    List<String> command = ChildJvm.command(jvmArguments, Main.class, arguments);
    ProcessBuilder builder =
        new ProcessBuilder(ChildJvm.withDefaultSignals(command)).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }
}
