package dev.topology.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecConversationTest {

  @Test
  void sendsACommandWithTheCountOfItsLinesAndItsPorts() {
    assertThat(request("exec 'a\nb'").lines()).isEqualTo("exec 7 2 5e1f 16 17 18\nexec 'a\nb'\n");
    assertThat(ExecRequest.portName(7, 16)).isEqualTo("topology.stream.7.16");
  }

  private static ExecRequest request(String script) {
    return new ExecRequest(7, script, "5e1f", 16, 17, 18);
  }

  @Test
  void refusesWhatNoShellCanRead() {
    assertThatIllegalArgumentException().isThrownBy(() -> request("echo \0"));
  }

  @Test
  void readsAnExit() {
    assertThat(ExecExit.parse("exit 7 137")).contains(new ExecExit(7, 137));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "shell 2", "exit 7", "exit 7 -1", "exit 7 9999", " exit 7 0"})
  void takesNothingElseForAnExit(String line) {
    assertThat(ExecExit.parse(line)).isEmpty();
  }
}
