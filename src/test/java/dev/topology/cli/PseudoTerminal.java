package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.posix.TestTerminal;
import dev.topology.testing.ChildJvm;
import dev.topology.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The program in a pseudo-terminal, typed into and looked at from outside. A shell in it notes what
 * the program ended with, and how the terminal was set before and after.
 */
final class PseudoTerminal implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Path notes;
  private final TestTerminal terminal;

  private PseudoTerminal(Path notes, TestTerminal terminal) {
    this.notes = notes;
    this.terminal = terminal;
  }

  /** Runs the program in a window of 33 rows and 77 columns. */
  static PseudoTerminal run(Place place, String... arguments) throws IOException {
    Path notes = Files.createTempDirectory(place.directory(), "terminal");
    // The shell outlives the signals that are meant for the program; traps do that without
    // having the program ignore them, as '' would.
    String shell =
        """
        trap : HUP INT TERM
        stty rows 33 cols 77
        notes='%s'
        stty -g > "$notes/before"
        %s %s
        status=$?
        stty -g > "$notes/after"
        echo $status > "$notes/part" && mv "$notes/part" "$notes/status"
        """
            .formatted(
                notes,
                ShellWord.command(ChildJvm.command(Main.class)),
                String.join(" ", arguments));
    return new PseudoTerminal(
        notes, TestTerminal.run(List.of("sh", "-c", shell), place.user().environment()));
  }

  /** Everything shown so far. */
  String text() {
    return terminal.text();
  }

  void type(String keys) throws IOException {
    terminal.type(keys);
  }

  /**
   * Again and again: a shell that runs a command may not see the one Ctrl-C between two commands.
   */
  void typeUntilTheEnd(String keys) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              type(keys);
              assertThat(hasEnded()).as("it goes on, and shows %s", text()).isTrue();
            });
  }

  void awaitText(String text) {
    await().atMost(PATIENCE).until(() -> text().contains(text) || hasEnded());
    assertThat(text()).contains(text);
  }

  /** Changes the size of the window, of which the kernel tells the program. */
  void resize(int rows, int columns) throws IOException, InterruptedException {
    stty("rows", "" + rows, "cols", "" + columns);
  }

  /** How the terminal is set now, as {@code stty -a} has it. */
  String settings() throws IOException, InterruptedException {
    return stty("-a");
  }

  private String stty(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stty", "-F", terminal.path().toString()));
    command.addAll(List.of(arguments));
    Process stty = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(stty.getInputStream().readAllBytes(), UTF_8);
    assertThat(stty.waitFor()).as(said).isZero();
    return said;
  }

  /** Sends the program a signal. */
  void signal(String name) throws IOException, InterruptedException {
    ProcessHandle program =
        terminal
            .process()
            .descendants()
            .filter(it -> it.info().command().orElse("").endsWith("/java"))
            .findFirst()
            .orElseThrow();
    assertThat(
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + program.pid()).start().waitFor())
        .isZero();
  }

  /** The status that the program ended with; the terminal has to be as it was before it. */
  int awaitEnd() throws IOException {
    await().atMost(PATIENCE).until(this::hasEnded);
    assertThat(note("after")).isEqualTo(note("before"));
    return Integer.parseInt(note("status"));
  }

  private boolean hasEnded() {
    return Files.exists(notes.resolve("status"));
  }

  private String note(String name) throws IOException {
    return Files.readString(notes.resolve(name)).strip();
  }

  @Override
  public void close() {
    terminal.close();
  }
}
