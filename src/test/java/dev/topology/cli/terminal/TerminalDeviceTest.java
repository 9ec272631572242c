package dev.topology.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.posix.TestTerminal;
import dev.topology.testing.ChildJvm;
import dev.topology.text.ShellWord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalDeviceTest {

  @TempDir private Path directory;

  @Test
  void filesAndOtherDevicesAreNone() throws Exception {
    assertThat(TerminalDevice.isTerminal(Files.createFile(directory.resolve("file")))).isFalse();
    assertThat(TerminalDevice.isTerminal(directory)).isFalse();
    assertThat(TerminalDevice.isTerminal(Path.of("/dev/null"))).isFalse();
    assertThat(TerminalDevice.isTerminal(Path.of("/dev/ptmx"))).isFalse();
    assertThat(TerminalDevice.isTerminal(directory.resolve("missing"))).isFalse();
  }

  /** Runs this class in a pseudo-terminal, with one output of the two redirected. */
  @Test
  void eachOutputIsJudgedByItself() throws Exception {
    Path answer = directory.resolve("answer");
    String command = ShellWord.command(ChildJvm.command(JudgesItsOutputs.class, answer.toString()));

    run(command);
    assertThat(answer).content().isEqualTo("true true");
    run(command + " | cat");
    assertThat(answer).content().isEqualTo("false true");
    run(command + " 2> " + directory.resolve("errors"));
    assertThat(answer).content().isEqualTo("true false");
  }

  private static void run(String command) throws Exception {
    try (TestTerminal terminal = TestTerminal.run(List.of("sh", "-c", command), System.getenv())) {
      assertThat(terminal.awaitEnd()).as(terminal::text).isZero();
    }
  }

  /** Writes what stdout and stderr are into a file. */
  static final class JudgesItsOutputs {

    private JudgesItsOutputs() {}

    public static void main(String[] arguments) throws Exception {
      String answer = TerminalDevice.isTerminal(1) + " " + TerminalDevice.isTerminal(2);
      Files.writeString(Path.of(arguments[0]), answer);
    }
  }
}
