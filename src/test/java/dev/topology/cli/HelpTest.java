package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {

  @TempDir private Path directory;

  static Stream<String> commands() {
    return commands(CommandTree.root());
  }

  private static Stream<String> commands(CommandLine command) {
    return Stream.concat(
        Stream.of(command.getCommandSpec().qualifiedName()),
        command.getSubcommands().values().stream().flatMap(HelpTest::commands));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithItsExitStatuses(String command) {
    String[] words = (command + " --help").split(" ");
    String[] arguments = Stream.of(words).skip(1).toArray(String[]::new);

    ProgramRun run = new Place(directory).run(arguments);

    assertThat(run.code()).isEqualTo(ExitCode.DONE);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("usage: " + command, "Exit status", "   0");
    Golden.assertMatches("cli/help/" + command.replace(' ', '-') + ".txt", run.out());
  }

  @Test
  void helpIsACommandToo() {
    Place place = new Place(directory);

    assertThat(place.run("help", "image", "build").out())
        .isEqualTo(place.run("image", "build", "--help").out());
  }

  @Test
  void everyExitStatusIsInTheHelpOfTheProgram() {
    String help = new Place(directory).run("--help").out();

    for (ExitCode code : ExitCode.values()) {
      assertThat(help).contains("  " + code.status() + " ");
    }
  }
}
