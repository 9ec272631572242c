package dev.topology.cli;

import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.Terminal.LostReader;
import dev.topology.cli.terminal.TerminalDevice.GuestWindow;
import dev.topology.cli.terminal.TerminalDevice.RawMode;
import dev.topology.cli.terminal.TerminalDevice.WindowSize;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology console}: a node's console in this terminal. */
final class ConsoleVerb implements ClientVerb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Joins this terminal to the console of a node.")
        .positional("NODE", "1", String.class, "The node.")
        .instance()
        .footer(
            "",
            "Ctrl-] leaves it, and the node goes on; every other key goes to the node. Several may",
            "look on and type at once. Programs there see how large this window is, also when that",
            "changes; of several windows, the last one to change counts. Where the input is no",
            "terminal, it ends when all of that has been typed.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    String node = invocation.argument().orElseThrow();
    Instance instance = InstanceChoice.running(invocation);
    try (ControlClient client = instance.connect()) {
      // Before the terminal is the guest's: is there such a node?
      boolean isKnown =
          client.call(new Request.Status()).nodes().stream().anyMatch(it -> it.name().equals(node));
      if (isKnown) {
        invocation.printError(
            "the console of " + node + ": Enter wakes its shell, Ctrl-] leaves it");
      }
      converse(instance, node, client, invocation);
    } catch (LostReader lost) {
      return ExitCode.BROKEN_PIPE;
    }
    return ExitCode.DONE;
  }

  @SuppressWarnings("try") // The terminal is raw for as long as the resource is open.
  private static void converse(
      Instance instance, String node, ControlClient client, Invocation invocation)
      throws IOException, ControlException {
    Terminal terminal = invocation.terminal();
    LeavableInput keys = new LeavableInput(invocation.in(), client::close);
    try (RawMode raw = RawMode.begin();
        GuestWindow window = GuestWindow.of(size -> tell(instance, node, size))) {
      client.call(
          new Request.Console(node),
          new ControlClient.Listener() {
            @Override
            public void data(String stream, byte[] bytes) throws IOException {
              terminal.write(bytes);
              terminal.requireReader();
            }
          },
          keys);
    } catch (ControlException e) {
      if (!(e.id() == ErrorId.LOST && keys.isLeft())) {
        throw e;
      }
    } finally {
      terminal.printError("");
    }
  }

  private static void tell(Instance instance, String node, WindowSize size) {
    try (ControlClient client = instance.connect()) {
      client.call(new Request.Window(node, size.rows(), size.columns()));
    } catch (ControlException refused) {
      // An image without the agent: its programs take the window to be 80 columns wide.
    }
  }

  /** Keys for a guest, until the one that leaves it: Ctrl-], as of telnet(1) and virsh(1). */
  private static final class LeavableInput extends FilterInputStream {

    private static final int CTRL_BRACKET = 0x1D;

    private final Runnable leave;
    private volatile boolean left;

    /**
     * @param leave done when the key comes; from then on this is at its end
     */
    LeavableInput(InputStream keys, Runnable leave) {
      super(keys);
      this.leave = leave;
    }

    boolean isLeft() {
      return left;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int read = left ? -1 : super.read(bytes, from, count);
      for (int i = 0; i < read; i++) {
        if (bytes[from + i] == CTRL_BRACKET) {
          left = true;
          leave.run();
          return -1;
        }
      }
      return read;
    }
  }
}
