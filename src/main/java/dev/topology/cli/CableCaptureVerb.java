package dev.topology.cli;

import dev.topology.cli.terminal.LostReader;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.TerminalDevice;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ErrorId;
import dev.topology.control.Request;
import dev.topology.run.cable.CaptureFile;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology cable capture}: what passes a cable, as pcap. */
final class CableCaptureVerb implements ClientVerb {

  private static final String WRITE = "--write";
  private static final String FORCE = "--force";

  @Override
  public String command() {
    return "topology cable capture";
  }

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
            .filter(it -> !TextFile.isStandardInput(it))
            .map(invocation.surroundings()::resolve);
    if (file.isEmpty() && TerminalDevice.isTerminal(1)) {
      throw new UsageException(
          "a capture is no text for a terminal: pipe it to tcpdump -r -, or say -w FILE");
    }
    try (StopSignals signals = StopSignals.listen();
        ControlClient client = signals.during(() -> InstanceChoice.running(invocation).connect())) {
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
      captured = client.capture(cable, new ToTerminal(invocation.terminal()));
    } else {
      try (FileChannel channel = CaptureFile.open(file.get(), invocation.has(FORCE))) {
        captured = client.capture(cable, new ToFile(Channels.newOutputStream(channel)));
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
      LostReader.check(terminal);
    }
  }

  /** Where that fails, most likely on a full disk, the capture ends, and nothing else does. */
  private record ToFile(OutputStream out) implements ControlClient.Listener {

    @Override
    public void data(String stream, byte[] bytes) throws IOException {
      out.write(bytes);
    }
  }
}
