package dev.topology.plan.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands as QEMU's monitor and guest agent get them, and the end of an agent's process. */
class QmpCommandTest {

  /** Made in the test itself, where mutation testing sees it. */
  static Stream<Arguments> commands() {
    return Stream.of(
        command(() -> QmpCommand.capabilities(), "qmp_capabilities", ""),
        command(() -> QmpCommand.resume(), "cont", ""),
        command(() -> QmpCommand.hold(), "stop", ""),
        command(() -> QmpCommand.reset(), "system_reset", ""),
        command(() -> QmpCommand.quit(), "quit", ""),
        command(() -> QmpCommand.onReset("shutdown"), "set-action", "{\"reboot\":\"shutdown\"}"),
        command(
            () -> QmpCommand.setLink("eth1", true), "set_link", "{\"name\":\"eth1\",\"up\":true}"),
        command(
            () -> QmpCommand.dump("d", "eth1", Path.of("/run/d.pipe")),
            "object-add",
            "{\"qom-type\":\"filter-dump\",\"id\":\"d\",\"netdev\":\"eth1\","
                + "\"file\":\"/run/d.pipe\"}"),
        command(() -> QmpCommand.endDump("d"), "object-del", "{\"id\":\"d\"}"),
        command(() -> QmpCommand.userNetwork(), "human-monitor-command", human("info usernet")),
        command(() -> QmpCommand.localApic(), "human-monitor-command", human("info lapic")),
        command(() -> QmpCommand.registers(), "human-monitor-command", human("info registers")),
        command(
            () -> QmpCommand.addForward("eth0", "tcp:127.0.0.1:8080-:80"),
            "human-monitor-command",
            human("hostfwd_add eth0 tcp:127.0.0.1:8080-:80")),
        command(
            () -> QmpCommand.removeForward("eth0", "tcp:127.0.0.1:8080"),
            "human-monitor-command",
            human("hostfwd_remove eth0 tcp:127.0.0.1:8080")),
        command(() -> AgentCommand.sync(7), "guest-sync-delimited", "{\"id\":7}"),
        command(() -> AgentCommand.status(42), "guest-exec-status", "{\"pid\":42}"));
  }

  private static Arguments command(Supplier<QmpCommand> command, String name, String arguments) {
    return Arguments.of(command, name, arguments);
  }

  private static String human(String line) {
    return "{\"command-line\":\"" + line + "\"}";
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isOneLineOfJson(Supplier<QmpCommand> made, String name, String arguments) {
    QmpCommand command = made.get();
    String rest = arguments.isEmpty() ? "" : ",\"arguments\":" + arguments;

    assertThat(command.line()).isEqualTo("{\"execute\":\"" + name + "\"" + rest + "}");
    assertThat(command.line("7"))
        .isEqualTo("{\"execute\":\"" + name + "\"" + rest + ",\"id\":\"7\"}");
  }

  @Test
  void anAgentRunsAScriptWithItsInputAndKeepsWhatItWrites() {
    QmpCommand run = AgentCommand.run("echo \"$0\"", "in\n".getBytes(UTF_8));

    assertThat(run.name()).isEqualTo("guest-exec");
    assertThat(run.arguments().path("path").asText()).isEqualTo("/bin/sh");
    assertThat(run.arguments().at("/arg/0").asText()).isEqualTo("-c");
    assertThat(run.arguments().at("/arg/1").asText()).startsWith("cd /; ").contains("setsid");
    assertThat(run.arguments().at("/arg/2").asText()).isEqualTo("echo \"$0\"");
    assertThat(run.arguments().path("capture-output").asBoolean()).isTrue();
    assertThat(run.arguments().path("input-data").asText()).isEqualTo("aW4K");
  }

  @Test
  void anAgentKillsTheSessionOfAProcess() {
    QmpCommand kill = AgentCommand.kill(42);

    assertThat(kill.name()).isEqualTo("guest-exec");
    assertThat(kill.arguments().at("/arg/1").asText()).contains("kill -KILL -$0");
    assertThat(kill.arguments().at("/arg/2").asText()).isEqualTo("42");
  }

  @Test
  void aProcessThatRunsHasNoExit() {
    assertThat(exit("{\"exited\":false}")).isEmpty();
    assertThat(exit("{}")).isEmpty();
  }

  @Test
  void tellsHowAProcessEnded() {
    AgentCommand.Exit exit =
        exit("{\"exited\":true,\"exitcode\":3,\"out-data\":\"b3V0\",\"err-data\":\"ZXJy\","
                + "\"out-truncated\":true}")
            .orElseThrow();

    assertThat(exit.status()).isEqualTo(3);
    assertThat(exit.output()).isEqualTo("out".getBytes(UTF_8));
    assertThat(exit.errors()).isEqualTo("err".getBytes(UTF_8));
    assertThat(exit.isOutputCut()).isTrue();
    assertThat(exit.areErrorsCut()).isFalse();
  }

  @Test
  void tellsWhichSignalEndedAProcess() {
    AgentCommand.Exit exit =
        exit("{\"exited\":true,\"signal\":9,\"err-truncated\":true}").orElseThrow();

    assertThat(exit.status()).isEqualTo(128 + 9);
    assertThat(exit.output()).isEmpty();
    assertThat(exit.errors()).isEmpty();
    assertThat(exit.isOutputCut()).isFalse();
    assertThat(exit.areErrorsCut()).isTrue();
  }

  @Test
  void takesNoOutputThatIsNotInBase64() {
    assertThatThrownBy(() -> exit("{\"exited\":true,\"out-data\":\"%%\"}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Optional<AgentCommand.Exit> exit(String answer) {
    return AgentCommand.Exit.of(
        (QmpMessage.Return) QmpMessage.parse("{\"return\":" + answer + "}"));
  }
}
