package dev.topology.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellConversationTest {

  @Test
  void sendsACommandWithTheCountOfItsLines() {
    assertThat(new ShellRequest(7, "echo one\n\necho two").run())
        .isEqualTo("run 7 3\necho one\n\necho two\n");
    assertThat(new ShellRequest(8, "true\n").run()).isEqualTo("run 8 1\ntrue\n");
    assertThat(new ShellRequest(9, "").run()).isEqualTo("run 9 1\n\n");
    assertThat(ShellRequest.kill(7)).isEqualTo("kill 7\n");
  }

  @Test
  void refusesWhatNoShellCanRead() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ShellRequest(1, "echo \0"));
  }

  @Test
  void readsAnAnswer() {
    assertThat(ShellAnswer.parse("7 137 1048576 0")).contains(new ShellAnswer(7, 137, 1048576, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "shell 2", "7 0 5", "7 0 5 -1", "7 0 5 99999999999", " 7 0 5 1"})
  void takesNothingElseForAnAnswer(String line) {
    assertThat(ShellAnswer.parse(line)).isEmpty();
  }
}
