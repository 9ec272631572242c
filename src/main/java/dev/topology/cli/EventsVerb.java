package dev.topology.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.terminal.Terminal.LostReader;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Event;
import dev.topology.control.Request;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology events}: what has happened, and what will. */
final class EventsVerb implements ClientVerb {

  private static final String FOLLOW = "--follow";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Shows what has happened in a running topology.")
        .instance()
        .flag(FOLLOW + " -f", "Go on with what will happen, until it is over.")
        .option(
            Invocation.FORMAT,
            "FORMAT",
            Invocation.ListFormat.class,
            "text, or json: an object on each line.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    Request.Events request = new Request.Events(invocation.has(FOLLOW));
    boolean json = invocation.isJson();
    // Not a constant: verbs are made for every command, and reading time zones takes a while.
    DateTimeFormatter time =
        DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      client.call(
          request,
          new ControlClient.Listener() {
            @Override
            public void event(JsonNode event) throws ControlException, IOException {
              invocation.print(json ? event.toString() : text(Event.of(event), time));
              invocation.terminal().requireReader();
            }
          });
    } catch (LostReader lost) {
      return ExitCode.BROKEN_PIPE;
    }
    return ExitCode.DONE;
  }

  private static String text(Event event, DateTimeFormatter time) {
    String whose = event.node().or(event::cable).map(name -> name + " ").orElse("");
    return time.format(event.at()) + "  " + whose + event.text();
  }
}
