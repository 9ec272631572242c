package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.posix.TestTerminal;
import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real shells on a terminal, in which the Tab key is pressed. */
@Timeout(600)
class CompletionTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Map<CompletionVerb.Shell, String> INTERACTIVE =
      Map.of(
          CompletionVerb.Shell.BASH, "bash --norc -i",
          CompletionVerb.Shell.ZSH, "zsh -f -i",
          CompletionVerb.Shell.FISH, "fish --no-config -i");

  /** What is typed before Tab, and what the program is given then. */
  private static final List<List<String>> TYPED =
      List.of(
          List.of("topology val", "validate"),
          List.of("topology image bu", "image build"),
          List.of("topology up --det", "up --detach"),
          List.of("topology ps --format=js", "ps --format=json"),
          List.of("topology ps --format js", "ps --format json"),
          List.of("topology up oth", "up other.yml"),
          List.of("topology down la", "down lab"),
          List.of("topology exec -i la", "exec -i lab"),
          List.of("topology console le", "console left"),
          List.of("topology stop left ri", "stop left right"),
          List.of("topology console -i second h", "console -i second hub"),
          List.of("topology cp -i second hu", "cp -i second hub:"),
          List.of("topology cp left:/etc scr", "cp left:/etc script"),
          List.of("topology cable cut up", "cable cut uplink"),
          List.of("topology cable capture left:", "cable capture left:eth1--right:eth2"),
          List.of("topology image remove rou", "image remove router"),
          List.of("topology cache remove conv", "cache remove converged"),
          List.of("topology up --detach --restore conv", "up --detach --restore converged"));

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void completesCommandsFilesAndWhatRuns(CompletionVerb.Shell shell) throws Exception {
    String command = INTERACTIVE.get(shell);
    String program = shell.name().toLowerCase(Locale.ROOT);
    if (!Files.exists(Path.of("/usr/bin", program))) {
      Unavailable.because("no " + program);
    }
    prepare(shell);
    Map<String, String> environment =
        Map.of(
            "PATH", "/usr/bin:/bin",
            "TERM", "dumb",
            "HOME", directory.toString(),
            "XDG_CACHE_HOME", directory.resolve("cache").toString(),
            "XDG_RUNTIME_DIR", directory.resolve("run").toString());
    String session = "cd '" + directory + "' && exec " + command;
    try (TestTerminal terminal = TestTerminal.run(List.of("sh", "-c", session), environment)) {
      terminal.type("source ./script\n");
      terminal.type("echo rea'dy'\n");
      awaitText(terminal, "ready");
      for (List<String> each : TYPED) {
        terminal.type(each.get(0) + "\t");
        awaitText(terminal, each.get(1));
        terminal.type("\n");
        awaitText(terminal, "given: " + each.get(1) + ".");
      }
    }
  }

  private void prepare(CompletionVerb.Shell shell) throws IOException {
    String script =
        new Place(directory).run("completion", shell.name().toLowerCase(Locale.ROOT)).out();
    String program =
        shell == CompletionVerb.Shell.FISH
            ? "function topology; string trim \"given: $argv\" | sed 's/ *$/./'; end\n"
            : "topology() { echo \"given: $*\" | sed 's/ *$/./'; }\n";
    Files.writeString(directory.resolve("script"), script + program);
    Files.createFile(directory.resolve("other.yml"));
    Files.createFile(directory.resolve("other.txt"));
    Files.createDirectories(directory.resolve("cache/topology/images/router"));
    Files.createFile(directory.resolve("cache/topology/images/router/kernel"));
    Files.createDirectories(directory.resolve("cache/topology/checkpoints/converged"));
    Files.createFile(
        directory.resolve("cache/topology/checkpoints/converged").resolve("checkpoint.json"));
    long alive = ProcessHandle.current().pid();
    runs("lab", alive, "node left\nnode right\ncable uplink\ncable left:eth1--right:eth2\n");
    runs("second", alive, "node hub\n");
    // A process that cannot be: what was killed offers nothing.
    runs("lapsed", 1L << 40, "node lefty\ncable upper\n");
  }

  private void runs(String name, long process, String names) throws IOException {
    Path run = Files.createDirectories(directory.resolve("run/topology").resolve(name));
    Files.writeString(run.resolve("names"), "process " + process + "\n" + names);
  }

  private static void awaitText(TestTerminal terminal, String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(terminal.text()).contains(text));
  }
}
