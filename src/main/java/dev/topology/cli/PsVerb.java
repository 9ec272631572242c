package dev.topology.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.report.InstanceText;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instances;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import dev.topology.control.TopologyStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology ps}: what runs, and how it is. */
final class PsVerb implements ClientVerb {

  private static final String ALL = "--all";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Shows the topologies that run and their nodes.")
        .positional("TOPOLOGY", "0..1", String.class, "Only this one, by its name or its file.")
        .flag(ALL + " -a", "Those too that are over.")
        .format()
        .footer(
            "",
            "CPU is the time that a node's QEMU has computed since it was started, MEMORY what it",
            "has of this host's. A topology that failed, was detached and is done, or whose",
            "supervisor was killed, leaves its logs behind: --all lists it, until the next one of",
            "its name, until `topology down NAME`, or for a week.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    Optional<String> wanted = invocation.argument();
    Instances instances = new Instances(invocation.user().runtime());
    List<Instance> shown =
        wanted.isPresent()
            ? List.of(InstanceChoice.any(invocation, wanted))
            : listed(instances, invocation);
    List<ControlException> problems = new ArrayList<>();
    if (invocation.isJson()) {
      ArrayNode json = JsonNodeFactory.instance.arrayNode();
      for (Instance instance : shown) {
        json.add(json(instance, problems));
      }
      invocation.print(json.toPrettyString());
    } else if (shown.isEmpty()) {
      String others = instances.all().isEmpty() ? "" : "; --all lists those that are over";
      invocation.printError("no topology is running" + others);
    } else {
      print(shown, invocation, problems);
    }
    return problems.isEmpty()
        ? ExitCode.DONE
        : Failure.of(problems.get(0), invocation.user()).code();
  }

  private static List<Instance> listed(Instances instances, Invocation invocation)
      throws IOException {
    instances.forgetOld();
    return invocation.has(ALL) ? instances.all() : instances.running();
  }

  private static void print(
      List<Instance> instances, Invocation invocation, List<ControlException> problems) {
    InstanceText text = new InstanceText(invocation.terminal().glyphs());
    invocation.print(
        instances.stream().map(it -> text(it, text, problems)).collect(Collectors.joining("\n\n")));
  }

  /** A topology that does not answer is shown with its problem; the others are shown as usual. */
  private static String text(
      Instance instance, InstanceText text, List<ControlException> problems) {
    try {
      return instance.isRunning() ? text.running(status(instance)) : InstanceText.over(instance);
    } catch (ControlException e) {
      problems.add(e);
      return instance.name() + ": " + e.getMessage();
    }
  }

  private static ObjectNode json(Instance instance, List<ControlException> problems) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", instance.name());
    json.put("life", instance.life().name().toLowerCase(Locale.ROOT));
    json.put("directory", instance.directory().toString());
    try {
      if (instance.isRunning()) {
        json.setAll(status(instance).json());
      }
    } catch (ControlException e) {
      problems.add(e);
      json.put("problem", e.getMessage());
    }
    return json;
  }

  private static TopologyStatus status(Instance instance) throws ControlException {
    try (ControlClient client = instance.connect()) {
      return client.call(new Request.Status());
    }
  }
}
