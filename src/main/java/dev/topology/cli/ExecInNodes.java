package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.cli.terminal.LostReader;
import dev.topology.cli.terminal.NodeLines;
import dev.topology.cli.terminal.Terminal;
import dev.topology.console.GuestText;
import dev.topology.control.ControlClient;
import dev.topology.control.ControlException;
import dev.topology.control.Instance;
import dev.topology.control.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same program in several nodes beside each other, each line behind its node's name. */
final class ExecInNodes {

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
      int status = client.exec(request, output, InputStream.nullInputStream());
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
      LostReader.check(terminal);
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
