package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.Main.CommandStatus;
import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.Verb.ClientVerb;
import dev.topology.cli.terminal.Insistence;
import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.ProgramInput;
import dev.topology.cli.terminal.Terminal;
import dev.topology.cli.terminal.Terminal.LostReader;
import dev.topology.cli.terminal.TerminalDevice.GuestWindow;
import dev.topology.cli.terminal.TerminalDevice.RawMode;
import dev.topology.cli.terminal.TerminalDevice.WindowSize;
import dev.topology.console.GuestText;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Request;
import dev.topology.control.TopologyStatus.NodeStatus;
import dev.topology.posix.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology exec}: a program in a guest, as if it ran here. */
final class ExecVerb implements ClientVerb {

  private static final String ALL = "--all";
  private static final String TERMINAL = "--tty";
  private static final String NO_INPUT = "--no-input";
  private static final int SHELL_OFFSET = 128;
  private static final WindowSize USUAL_WINDOW = new WindowSize(24, 80);

  @Override
  public boolean takesCommand() {
    return true;
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Runs a program in a node of a running topology.")
        .positional("NODE", "1", String.class, "The node, or several: left,right.")
        .positional(
            "COMMAND",
            "0..*",
            String.class,
            "The program and its arguments, its options included; \"--\" may come before it.")
        .instance()
        .flag(ALL + " -a", "In all nodes that run, instead of NODE; beside each other.")
        .flag(TERMINAL + " -t", "On a terminal of its own: this one, where there is one.")
        .flag(NO_INPUT + " -n", "It reads nothing; otherwise it reads what this command reads.")
        .footer(
            "",
            "Options of this command come before NODE. The program's input, output and errors are",
            "this command's, and so is its exit status. Of a file or pipe it takes no more than it",
            "reads; the rest is there for whatever reads it next. Ctrl-C and SIGTERM are passed on",
            "to the program; the second one ends it.",
            "",
            "In several nodes, each line is behind its node's name, there is no input, and the exit",
            "status is the highest one.",
            "",
            "For example:",
            "  topology exec left ip -br addr",
            "  topology exec left sh -c 'ping -c 1 right && uname -a'",
            "  topology exec -t left vi /etc/hosts",
            "  topology exec --all ping -c 1 server")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST, ExitCode.REFUSED);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    String node = invocation.parsed().matchedPositionalValue(0, "");
    List<String> rest = invocation.parsed().matchedPositionalValue(1, List.of());
    boolean all = invocation.has(ALL);
    List<String> program = ExecInNodes.program(all ? Optional.of(node) : Optional.empty(), rest);
    Instance instance = InstanceChoice.running(invocation);
    try {
      if (all || node.contains(",")) {
        if (invocation.has(TERMINAL)) {
          throw new UsageException(TERMINAL + " is for one node");
        }
        List<String> nodes = all ? running(instance) : List.of(node.split(",", -1));
        throw new CommandStatus(new ExecInNodes(invocation, instance, nodes).run(program));
      }
      throw new CommandStatus(inOne(invocation, instance, node, program));
    } catch (LostReader lost) {
      return ExitCode.BROKEN_PIPE;
    }
  }

  private static List<String> running(Instance instance) throws ControlException {
    try (ControlClient client = instance.connect()) {
      return client.call(new Request.Status()).nodes().stream()
          .filter(it -> it.state().equals("booting") || it.state().equals("ready"))
          .map(NodeStatus::name)
          .toList();
    }
  }

  @SuppressWarnings("try") // The terminal is raw, and signals are passed on, while they are open.
  private static int inOne(
      Invocation invocation, Instance instance, String node, List<String> program)
      throws IOException, ControlException {
    InputStream input =
        invocation.has(NO_INPUT) ? InputStream.nullInputStream() : ProgramInput.of(invocation.in());
    Output output = new Output(invocation.terminal(), input);
    if (!invocation.has(TERMINAL)) {
      try (ControlClient client = instance.connect();
          Signal.Handlers passed = passOn(client)) {
        return client.call(new Request.Exec(node, program), output, input).status();
      }
    }
    String type = invocation.user().environment().getOrDefault("TERM", "dumb");
    WindowSize size = WindowSize.ask().orElse(USUAL_WINDOW);
    try (ControlClient client = instance.connect();
        Signal.Handlers passed = passOn(client);
        RawMode raw = RawMode.begin();
        GuestWindow window = GuestWindow.of(it -> client.window(it.rows(), it.columns()))) {
      var request = new Request.Exec(node, program, type, size.rows(), size.columns());
      return client.call(request, output, invocation.in()).status();
    }
  }

  /** The program may have something to say when it is told to stop: ping(8) has its statistics. */
  private static Signal.Handlers passOn(ControlClient client) {
    Insistence insistence = new Insistence();
    return Signal.onAny(
        Set.of(Signal.HUP, Signal.INT, Signal.TERM),
        signal -> {
          switch (insistence.hear()) {
            case STOP -> client.signal(signal.number());
            case ECHO -> {}
            case INSIST -> Runtime.getRuntime().exit(SHELL_OFFSET + signal.number());
          }
        });
  }

  /** What the program writes goes where it would if it ran here. */
  private record Output(Terminal terminal, InputStream input) implements ControlClient.Listener {

    @Override
    public void data(String stream, byte[] bytes) throws IOException {
      if (stream.equals("err")) {
        terminal.writeError(bytes);
      } else {
        terminal.write(bytes);
        terminal.requireReader();
      }
    }

    @Override
    public void taken(int bytes) throws IOException {
      if (input instanceof ProgramInput kept) {
        kept.taken(bytes);
      }
    }
  }

  /** The same program in several nodes beside each other, each line behind its node's name. */
  private static final class ExecInNodes {

    /** Each takes a connection, of which a topology has 32. */
    private static final int MOST_AT_ONCE = 8;

    private static final int LONGEST_LINE = 64 * 1024;

    private final Terminal terminal;
    private final Instance instance;
    private final List<String> nodes;
    private final NodeLines lines;

    ExecInNodes(Invocation invocation, Instance instance, List<String> nodes) {
      this.terminal = invocation.terminal();
      this.instance = instance;
      this.nodes = nodes;
      this.lines = new NodeLines(terminal, nodes);
    }

    /**
     * The program of a command line.
     *
     * @param first its first word, where that is not the node
     */
    static List<String> program(Optional<String> first, List<String> rest) throws UsageException {
      List<String> program = new ArrayList<>();
      first.ifPresent(program::add);
      boolean isMarked = first.isEmpty() && !rest.isEmpty() && rest.get(0).equals("--");
      program.addAll(isMarked ? rest.subList(1, rest.size()) : rest);
      if (program.isEmpty()) {
        throw new UsageException("COMMAND is missing: topology exec NODE COMMAND");
      }
      return program;
    }

    /** The highest exit status; that of a node in which it could not be run is 255. */
    int run(List<String> program) throws InterruptedException, IOException {
      ExecutorService workers =
          Executors.newFixedThreadPool(
              MOST_AT_ONCE,
              task -> {
                Thread thread = new Thread(task, "exec-in-node");
                thread.setDaemon(true);
                return thread;
              });
      try {
        List<Callable<Integer>> tasks = new ArrayList<>();
        nodes.forEach(node -> tasks.add(() -> in(node, program)));
        int worst = 0;
        for (Future<Integer> status : workers.invokeAll(tasks)) {
          worst = Math.max(worst, status.get());
        }
        return worst;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException lost) {
          throw lost;
        }
        throw new IllegalStateException(e);
      } finally {
        workers.shutdownNow();
      }
    }

    private int in(String node, List<String> program) throws IOException {
      Lines output = new Lines(node);
      try (ControlClient client = instance.connect()) {
        Request.Exec request = new Request.Exec(node, program);
        int status = client.call(request, output, InputStream.nullInputStream()).status();
        output.end();
        return status;
      } catch (ControlException e) {
        output.end();
        terminal.printError("topology: " + node + ": " + e.getMessage());
        return 255;
      }
    }

    /** What one node writes, line by line. */
    private final class Lines implements ControlClient.Listener {

      private final String node;
      private final ByteArrayOutputStream output = new ByteArrayOutputStream();
      private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

      Lines(String node) {
        this.node = node;
      }

      @Override
      public void data(String stream, byte[] bytes) throws IOException {
        boolean isError = stream.equals("err");
        ByteArrayOutputStream line = isError ? errors : output;
        for (byte next : bytes) {
          if (next == '\n' || line.size() == LONGEST_LINE) {
            print(line, isError);
          }
          if (next != '\n') {
            line.write(next);
          }
        }
        terminal.requireReader();
      }

      void end() {
        if (output.size() > 0) {
          print(output, false);
        }
        if (errors.size() > 0) {
          print(errors, true);
        }
      }

      private void print(ByteArrayOutputStream line, boolean isError) {
        String text = GuestText.whole(line.toString(UTF_8)).toString();
        line.reset();
        if (isError) {
          lines.sayError(node, text);
        } else {
          lines.say(node, text);
        }
      }
    }
  }
}
