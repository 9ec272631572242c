package dev.topology.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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

  /** Runs this class in a pseudo-terminal of script(1), with one output of the two redirected. */
  @Test
  void eachOutputIsJudgedByItself() throws Exception {
    Path script = Path.of("/usr/bin/script");
    assumeThat(script).as("script(1), which runs a command in a pseudo-terminal").exists();
    Path answer = directory.resolve("answer");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        String.join(
            " ",
            java,
            "-cp",
            System.getProperty("java.class.path"),
            "'" + Main.class.getName() + "'",
            answer + "");

    run(script, command);
    assertThat(answer).content().isEqualTo("true true");
    run(script, command + " | cat");
    assertThat(answer).content().isEqualTo("false true");
    run(script, command + " 2> " + directory.resolve("errors"));
    assertThat(answer).content().isEqualTo("true false");
  }

  private static void run(Path script, String command) throws Exception {
    Process process =
        new ProcessBuilder(script.toString(), "-qec", command, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  /** Writes what stdout and stderr are into a file. */
  static final class Main {

    private Main() {}

    public static void main(String[] arguments) throws Exception {
      String answer = TerminalDevice.isTerminal(1) + " " + TerminalDevice.isTerminal(2);
      Files.writeString(Path.of(arguments[0]), answer);
    }
  }
}
