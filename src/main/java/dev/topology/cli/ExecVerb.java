package dev.topology.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.control.ControlClient;
import dev.topology.control.Request;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology exec}: a program in a guest, as if it ran here. */
final class ExecVerb implements Verb {

  @Override
  public String command() {
    return "topology exec";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Runs a program in a node of a running topology.")
        .positional("NODE", "1", String.class, "The node.")
        .positional("COMMAND", "1..*", String.class, "The program and its arguments, after \"--\".")
        .instance()
        .footer(
            "",
            "Its input, output and errors are this command's, and so is its exit status.",
            "",
            "For example:",
            "  topology exec left -- ip addr",
            "  topology exec left -- sh -c 'ping -c 1 right && uname -a'")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    Request request =
        new Request.Exec(
            invocation.parsed().matchedPositionalValue(0, ""),
            invocation.parsed().matchedPositionalValue(1, List.of()));
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      JsonNode answer = client.call(request, new Output(invocation.terminal()), invocation.in());
      throw new CommandStatus(answer.path("status").asInt());
    } catch (LostReader lost) {
      return ExitCode.BROKEN_PIPE;
    }
  }

  /** What the program writes goes where it would if it ran here. */
  private record Output(Terminal terminal) implements ControlClient.Listener {

    @Override
    public void data(String stream, byte[] bytes) throws IOException {
      if (stream.equals("err")) {
        terminal.writeError(bytes);
      } else {
        terminal.write(bytes);
        LostReader.check(terminal);
      }
    }
  }
}
