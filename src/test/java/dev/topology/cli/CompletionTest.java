package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.testing.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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

  private static final Duration PATIENCE = Duration.ofSeconds(30);

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
          List.of("topology cable cut up", "cable cut uplink"),
          List.of("topology cable capture left:", "cable capture left:eth1--right:eth2"),
          List.of("topology image remove rou", "image remove router"));

  @TempDir Path directory;
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

  @ParameterizedTest
  @EnumSource
  void completesCommandsFilesAndWhatRuns(CompletionVerb.Shell shell) throws Exception {
    String command = INTERACTIVE.get(shell);
    String program = shell.name().toLowerCase(Locale.ROOT);
    if (!Files.exists(Path.of("/usr/bin", program))) {
      Unavailable.because("no " + program);
    }
    prepare(shell);
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qec", command, "/dev/null").redirectErrorStream(true);
    builder.directory(directory.toFile()).environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", "/usr/bin:/bin",
                "TERM", "dumb",
                "HOME", directory.toString(),
                "XDG_CACHE_HOME", directory.resolve("cache").toString(),
                "XDG_RUNTIME_DIR", directory.resolve("run").toString()));
    Process terminal = builder.start();
    Thread reader = new Thread(() -> read(terminal.getInputStream()), "terminal");
    reader.start();
    try (OutputStream keys = terminal.getOutputStream()) {
      type(keys, "source ./script\n");
      type(keys, "echo rea'dy'\n");
      awaitScreen("ready");
      for (List<String> each : TYPED) {
        type(keys, each.get(0) + "\t");
        awaitScreen(each.get(1));
        type(keys, "\n");
        awaitScreen("given: " + each.get(1) + ".");
      }
    } finally {
      terminal.descendants().forEach(ProcessHandle::destroyForcibly);
      terminal.destroyForcibly().waitFor();
      reader.join();
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

  private static void type(OutputStream keys, String text) throws IOException {
    keys.write(text.getBytes(UTF_8));
    keys.flush();
  }

  private void awaitScreen(String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(shown()).contains(text));
  }

  private String shown() {
    synchronized (screen) {
      return screen.toString(UTF_8);
    }
  }

  private void read(InputStream output) {
    try (output) {
      byte[] chunk = new byte[4096];
      for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
        synchronized (screen) {
          screen.write(chunk, 0, count);
        }
      }
    } catch (IOException closed) {
      // Nothing more will be shown.
    }
  }
}
