package dev.topology.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cli.terminal.Table;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.Terminal.LostReader;
import dev.topology.cli.terminal.TerminalDevice;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Request;
import dev.topology.control.TopologyStatus.CableStatus;
import dev.topology.model.ShapingSetting;
import dev.topology.run.cable.CableCounters.DirectionCounters;
import dev.topology.run.cable.CaptureFile;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cable}: the cables of a running topology. */
final class CableVerb implements ClientVerb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this, "Lists, cuts, joins, shapes and captures the cables of a running topology.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public List<Part> parts() {
    return List.of(
        new Part("list", new CableListVerb()),
        new Part("cut", new CablePlugVerb(/* isCut= */ true)),
        new Part("join", new CablePlugVerb(/* isCut= */ false)),
        new Part("shape", new CableShapeVerb()),
        new Part("capture", new CableCaptureVerb()));
  }

  @Override
  public ExitCode run(Invocation invocation) throws UsageException {
    throw new UsageException("say what to do: topology cable list, cut, join, shape or capture");
  }

  /** {@code topology cable list}. */
  private static final class CableListVerb implements ClientVerb {

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
    public ExitCode run(Invocation invocation)
        throws UsageException, IOException, ControlException {
      List<CableStatus> cables;
      try (ControlClient client = InstanceChoice.running(invocation).connect()) {
        cables = client.call(new Request.ListCables()).cables();
      }
      if (invocation.isJson()) {
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
                both(cable, DirectionCounters::frames),
                both(cable, DirectionCounters::dropped),
                cable.shaping().orElse("-")));
      }
      return new Table(rows);
    }

    /** Those from the left and those from the right: {@code 12 + 10}. */
    private static String both(CableStatus cable, ToLongFunction<DirectionCounters> count) {
      return cable.leftToRight().isPresent() && cable.rightToLeft().isPresent()
          ? count.applyAsLong(cable.leftToRight().get())
              + " + "
              + count.applyAsLong(cable.rightToLeft().get())
          : "-";
    }
  }

  /** {@code topology cable cut} and {@code join}. */
  private record CablePlugVerb(boolean isCut) implements ClientVerb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(
              this,
              isCut
                  ? "Cuts cables: the guests see that the carrier is gone."
                  : "Joins cables that were cut.")
          .positional("CABLE", "1..*", String.class, "The cables, by name: topology cable list.")
          .instance()
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
    }

    @Override
    public ExitCode run(Invocation invocation)
        throws UsageException, IOException, ControlException {
      return isCut
          ? NodeVerb.toEach(invocation, Request.CutCable::new, "cut")
          : NodeVerb.toEach(invocation, Request.JoinCable::new, "joined");
    }
  }

  /** {@code topology cable shape}: another delay, loss or rate while it runs. */
  private static final class CableShapeVerb implements ClientVerb {

    @Override
    public CommandSpec spec() {
      List<String> keys = Stream.of(ShapingSetting.values()).map(ShapingSetting::key).toList();
      return VerbSpec.of(this, "Changes what the shaper of a cable does; what is not named stays.")
          .positional("CABLE", "1", String.class, "The cable.")
          .positional("KEY=VALUE", "1..*", String.class, "As in a file: delay=20ms, loss=1%%, …")
          .instance()
          .footer(
              "",
              "Keys: " + HumanText.list(keys, keys.size()) + ", the last two",
              "also none. The file has to give the cable a shaper: one of these, or shaped: true.",
              "",
              "For example:",
              "  topology cable shape uplink delay=20ms loss=1%% rate=10Mbit")
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
    }

    @Override
    public ExitCode run(Invocation invocation)
        throws UsageException, IOException, ControlException {
      Request.ShapeCable request =
          new Request.ShapeCable(
              invocation.parsed().matchedPositionalValue(0, ""),
              invocation.parsed().matchedPositionalValue(1, List.of()));
      try (ControlClient client = InstanceChoice.running(invocation).connect()) {
        CableStatus cable = client.call(request);
        invocation.print(cable.name() + ": " + cable.shaping().orElse(""));
      }
      return ExitCode.DONE;
    }
  }

  /** {@code topology cable capture}: what passes a cable, as pcap. */
  private static final class CableCaptureVerb implements ClientVerb {

    private static final String WRITE = "--write";
    private static final String FORCE = "--force";

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(this, "Writes down what passes a cable, as pcap, until Ctrl-C.")
          .positional("CABLE", "1", String.class, "The cable.")
          .option(WRITE + " -w", "FILE", Path.class, "Into a file, instead of to standard output.")
          .flag(FORCE, "Writes over a file that is no capture as well.")
          .instance()
          .footer(
              "",
              "For example:",
              "  topology cable capture uplink | tcpdump -n -r -",
              "  topology cable capture uplink | wireshark -k -i -")
          .exits(
              ExitCode.DONE,
              ExitCode.WRONG_USAGE,
              ExitCode.UNFIT_HOST,
              ExitCode.REFUSED,
              ExitCode.INTERRUPTED,
              ExitCode.BROKEN_PIPE);
    }

    @Override
    public ExitCode run(Invocation invocation) throws Exception {
      Optional<Path> file =
          invocation
              .<Path>option(WRITE)
              .filter(it -> !Invocation.isStandardInput(it))
              .map(invocation.user()::resolve);
      if (file.isEmpty() && TerminalDevice.isTerminal(1)) {
        throw new UsageException(
            "a capture is no text for a terminal: pipe it to tcpdump -r -, or say -w FILE");
      }
      try (StopSignals signals = StopSignals.listen();
          ControlClient client =
              signals.during(() -> InstanceChoice.running(invocation).connect())) {
        signals.insteadDo(client::close);
        try {
          capture(client, file, invocation);
          return ExitCode.DONE;
        } catch (ControlException e) {
          if (e.id() == ErrorId.LOST && signals.received().isPresent()) {
            return ExitCode.of(signals.received().get());
          }
          throw e;
        }
      } catch (LostReader lost) {
        return ExitCode.BROKEN_PIPE;
      }
    }

    private static void capture(ControlClient client, Optional<Path> file, Invocation invocation)
        throws IOException, ControlException, UsageException {
      String cable = invocation.argument().orElseThrow();
      Request.Captured captured;
      if (file.isEmpty()) {
        captured =
            client.call(new Request.CaptureCable(cable), new ToTerminal(invocation.terminal()));
      } else {
        try (FileChannel channel = CaptureFile.open(file.get(), invocation.has(FORCE))) {
          captured =
              client.call(
                  new Request.CaptureCable(cable), new ToFile(Channels.newOutputStream(channel)));
        } catch (CaptureFile.UnfitException e) {
          throw new UsageException(
              "cannot capture into " + file.get() + ": " + e.getReason() + "\n  " + e.remedy());
        } catch (IOException e) {
          throw new ControlException(
              ErrorId.REFUSED, "cannot write on " + file.get() + ": " + e.getMessage(), "");
        }
      }
      invocation.printError(
          HumanText.count(captured.frames(), "frame") + ", " + captured.dropped() + " dropped");
    }

    private record ToTerminal(Terminal terminal) implements ControlClient.Listener {

      @Override
      public void data(String stream, byte[] bytes) throws IOException {
        terminal.write(bytes);
        terminal.requireReader();
      }
    }

    /** If writing fails, as on a full disk, only the capture ends. */
    private record ToFile(OutputStream out) implements ControlClient.Listener {

      @Override
      public void data(String stream, byte[] bytes) throws IOException {
        out.write(bytes);
      }
    }
  }
}
