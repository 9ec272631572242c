package dev.topology.plan.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.topology.console.GuestText;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With lines that QEMU 7.2 said. */
class QmpTest {

  @Test
  void readsTheGreeting() {
    assertThat(
            QmpMessage.parse(
                "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7},"
                    + " \"package\": \"Debian 1:7.2+dfsg-7+deb12u18+b3\"},"
                    + " \"capabilities\": [\"oob\"]}}"))
        .isEqualTo(new QmpMessage.Greeting());
  }

  @Test
  void readsAReturnWithItsId() {
    assertThat(QmpMessage.parse("{\"return\": {}, \"id\": \"7\"}"))
        .isEqualTo(new QmpMessage.Return(Optional.of("7"), JsonNodeFactory.instance.objectNode()));
  }

  @Test
  void readsARefusal() {
    assertThat(
            QmpMessage.parse(
                "{\"error\": {\"class\": \"CommandNotFound\","
                    + " \"desc\": \"The command foo has not been found\"}}"))
        .isEqualTo(
            new QmpMessage.Refusal(
                Optional.empty(), GuestText.line("The command foo has not been found")));
  }

  @Test
  void readsAnEvent() {
    QmpMessage message =
        QmpMessage.parse(
            "{\"timestamp\": {\"seconds\": 1795388035, \"microseconds\": 12491},"
                + " \"event\": \"SHUTDOWN\","
                + " \"data\": {\"guest\": false, \"reason\": \"host-qmp-quit\"}}");

    assertThat(message)
        .isInstanceOfSatisfying(
            QmpMessage.Event.class,
            event -> {
              assertThat(event.name()).isEqualTo("SHUTDOWN");
              assertThat(event.details().path("reason").asText()).isEqualTo("host-qmp-quit");
            });
  }

  @Test
  void readsPartsOfAnswers() {
    var answer = (QmpMessage.Return) QmpMessage.parse("{\"return\": {\"pid\": 42}}");
    var text = (QmpMessage.Return) QmpMessage.parse("{\"return\": \"said\\r\\n\"}");
    var event = (QmpMessage.Event) QmpMessage.parse("{\"event\": \"RESUME\"}");

    assertThat(answer.number("pid")).isEqualTo(42);
    assertThat(answer.number("other")).isZero();
    assertThat(text.text()).isEqualTo("said\r\n");
    assertThat(event.detail("reason")).isEmpty();
    var reset =
        (QmpMessage.Event)
            QmpMessage.parse("{\"event\": \"RESET\", \"data\": {\"reason\": \"guest-reset\"}}");
    assertThat(reset.detail("reason")).isEqualTo("guest-reset");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "7", "[]", "null", "{\"return\": {}} {", "{\"hello\": 1}"})
  void takesAnythingElseForUnknown(String line) {
    assertThat(QmpMessage.parse(line)).isEqualTo(new QmpMessage.Unknown(GuestText.line(line)));
  }

  @Test
  void writesCommandsAsOneLine() {
    assertThat(QmpCommand.resume().line()).isEqualTo("{\"execute\":\"cont\"}");
    assertThat(QmpCommand.human("a\n\"b\"").line("3"))
        .isEqualTo(
            "{\"execute\":\"human-monitor-command\","
                + "\"arguments\":{\"command-line\":\"a\\n\\\"b\\\"\"},\"id\":\"3\"}");
  }
}
