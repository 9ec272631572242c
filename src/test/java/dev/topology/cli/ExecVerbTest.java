package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Programs in real guests, from shells and terminals. */
@Timeout(600)
@ResourceLock("signals")
class ExecVerbTest {

  @TempDir private static Path directory;
  private static Place place;

  @BeforeAll
  static void bringUp() throws IOException {
    place = new Place(directory).withImagesOfHost();
    String two = place.file("two.yaml", "nodes: {left: {}, right: {}}");
    assertThat(place.run("up", "-d", two).err()).isEmpty();
  }

  @AfterAll
  static void takeDown() {
    assertThat(place.run("down").code()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void whatFollowsTheNodeIsTheProgram() {
    assertThat(place.run("exec", "-i", "two", "left", "echo", "-n", "--all", "--"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "--all --", ""));
    assertThat(place.run("exec", "left", "--", "echo", "--"))
        .isEqualTo(new ProgramRun(ExitCode.DONE, "--\n", ""));
    assertThat(place.run("exec", "left").err()).contains("COMMAND is missing");
  }

  @Test
  void severalNodesSayWhoSpeaksAndTheWorstStatusCounts() {
    String script = "hostname; echo bad >&2; [ $(hostname) = left ] || exit 3";
    ProgramRun run = place.run("exec", "--all", "sh", "-c", script);
    assertThat(run.out().lines()).containsExactlyInAnyOrder("left  │ left", "right │ right");
    assertThat(run.err().lines()).containsExactlyInAnyOrder("left  │ bad", "right │ bad");
    assertThat(run.code()).isEqualTo(ExitCode.NODE_FAILED);
    assertThat(place.run("exec", "left,nobody", "true").err()).contains("no node \"nobody\"");
  }

  /** Each line of the script is a fact: what comes out stands behind it. */
  @Test
  void onlyWhatTheProgramReadsIsTaken() throws Exception {
    assertThat(shell("printf 'left\nright\n' | while read n; do $T exec $n hostname; done"))
        .isEqualTo("left\nright\n");
    Files.writeString(directory.resolve("lines"), "1\n2\n3\n");
    String reads = "$T exec left sh -c 'read x; echo guest $x'; cat";
    assertThat(shell("{ " + reads + "; } <lines")).isEqualTo("guest 1\n2\n3\n");
    assertThat(shell("cat lines | { " + reads + "; }")).isEqualTo("guest 1\n2\n3\n");
    assertThat(shell("cat lines | { $T exec -n left cat; cat; }")).isEqualTo("1\n2\n3\n");
    String slow = "{ echo a; $T exec left true; echo b; } | $T exec left cat";
    assertThat(shell(slow)).isEqualTo("a\nb\n");
    String many = "seq 1 300000 >many; $T exec left md5sum <many; cat many | $T exec left md5sum";
    assertThat(shell(many + "; md5sum <many").lines().distinct()).hasSize(1);
  }

  private static String shell(String script) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(List.of("sh", "-c", script)).directory(directory.toFile());
    builder.environment().putAll(place.user().environment());
    builder.environment().put("T", String.join(" ", ChildJvm.command(Main.class)));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  /** As Ctrl-C does, to the whole process group. */
  @Test
  void aSignalGoesToTheProgramWhichMayHaveMoreToSay() throws Exception {
    String interrupted =
        "timeout --signal=INT 8 env --default-signal=INT $T exec left sh -c"
            + " 'trap \"echo statistics; exit 9\" INT; echo on; while :; do sleep 0.1; done';"
            + " echo status $?";
    assertThat(shell(interrupted)).startsWith("on\nstatistics\n");
  }

  @Test
  void aTerminalHasTheSizeOfThisOneAndItsKeys() throws Exception {
    List<String> command = new ArrayList<>(List.of("exec", "-t", "left", "sh", "-c"));
    command.add(
        "'stty size; read x; until stty size | grep \"50 132\"; do :; done; sleep 1000; echo never'");
    try (PseudoTerminal terminal = PseudoTerminal.run(place, command.toArray(String[]::new))) {
      terminal.awaitText("33 77");
      assertThat(terminal.settings()).contains("-isig", "-icanon", "-echo ");
      terminal.resize(50, 132);
      terminal.type("\r");
      // The size may arrive after the key; and Ctrl-C drops keys that were not read yet.
      terminal.awaitText("50 132");
      terminal.typeUntilTheEnd("\003");
      assertThat(terminal.awaitEnd()).isEqualTo(128 + 2);
      assertThat(terminal.text()).doesNotContain("never");
    }
  }

  @Test
  void aConsoleEndsWithWhatIsTyped() throws Exception {
    assertThat(shell("$T console left </dev/null; echo $?")).endsWith("\n0\n");
    assertThat(shell("echo 'echo typed >/tmp/typed' | $T console left; echo $?")).endsWith("\n0\n");
    String wait = "until [ -s /tmp/typed ]; do sleep 0.1; done; cat /tmp/typed";
    assertThat(place.run("exec", "left", "sh", "-c", wait).out()).isEqualTo("typed\n");
  }
}
