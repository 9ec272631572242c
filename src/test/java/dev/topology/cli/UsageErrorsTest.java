package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageErrorsTest {

  private static final List<String> COMMAND_LINES =
      List.of(
          "topology",
          "topology vaildate",
          "topology frobnicate",
          "topology --verison",
          "topology image",
          "topology image biuld",
          "topology image remove",
          "topology image remove nope",
          "topology image build default --package tcpdump",
          "topology image build Router",
          "topology image build router --package rm;",
          "topology help frobnicate",
          "topology completion fsh",
          "topology up",
          "topology up --onyl x pair.yaml",
          "topology up pair.yaml --timeout 5x",
          "topology up pair.yaml --timeout 0",
          "topology up pair.yaml --name A_",
          "topology up pair.yaml --only lft",
          "topology up pair.yaml other.yaml",
          "topology plan pair.yaml --format jsn",
          "topology plan pair.yaml --node lft",
          "topology validate --color alway pair.yaml");

  @TempDir private Path directory;

  @Test
  void saysWhatIsWrongAndWhatWasMeant() throws IOException {
    Place place = new Place(directory).withImage();
    String file = place.file("pair.yaml", "nodes: {left: {}, right: {}}\ncables: [[left, right]]");
    StringBuilder transcript = new StringBuilder();
    for (String commandLine : COMMAND_LINES) {
      String[] words =
          commandLine.substring("topology".length()).replace("pair.yaml", file).split(" ");
      String[] arguments = List.of(words).subList(1, words.length).toArray(String[]::new);

      ProgramRun run = place.run(words.length == 1 ? new String[0] : arguments);

      assertThat(run.code()).as(commandLine).isEqualTo(ExitCode.WRONG_USAGE);
      assertThat(run.out()).as(commandLine).isEmpty();
      transcript.append(run.transcript(commandLine)).append('\n');
    }
    Golden.assertMatches("cli/misuse.txt", place.anonymous(transcript.toString()));
  }
}
