package dev.topology.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.topology.cli.terminal.Table;
import dev.topology.control.CableStatus;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cable list}. */
final class CableListVerb implements ClientVerb {

  @Override
  public String command() {
    return "topology cable list";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Lists the cables of a running topology.")
        .instance()
        .footer(
            "",
            "FRAMES and DROPPED are those from the left and those from the right, on cables with a",
            "shaper; --format json tells them by cause.")
        .format()
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException, IOException, ControlException {
    List<CableStatus> cables;
    try (ControlClient client = InstanceChoice.running(invocation).connect()) {
      cables = client.cables();
    }
    if (ListFormat.isJson(invocation)) {
      ArrayNode json = JsonNodeFactory.instance.arrayNode();
      cables.forEach(cable -> json.add(cable.json()));
      invocation.print(json.toPrettyString());
    } else if (cables.isEmpty()) {
      invocation.printError("it has no cables");
    } else {
      invocation.print(table(cables).toString());
    }
    return ExitCode.DONE;
  }

  private static Table table(List<CableStatus> cables) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("CABLE", "LEFT", "RIGHT", "STATE", "FRAMES", "DROPPED", "SHAPER"));
    for (CableStatus cable : cables) {
      rows.add(
          List.of(
              cable.name(),
              cable.left(),
              cable.right(),
              cable.state(),
              both(cable, CableStatus.Traffic::frames),
              both(cable, CableStatus.Traffic::dropped),
              cable.shaping().orElse("-")));
    }
    return new Table(rows);
  }

  /** Those from the left and those from the right: {@code 12 + 10}. */
  private static String both(CableStatus cable, ToLongFunction<CableStatus.Traffic> count) {
    return cable.leftToRight().isPresent() && cable.rightToLeft().isPresent()
        ? count.applyAsLong(cable.leftToRight().get())
            + " + "
            + count.applyAsLong(cable.rightToLeft().get())
        : "-";
  }
}
