package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Service.Pace;
import dev.topology.control.Service.Performs;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.cable.Capture;
import dev.topology.run.exec.CommandResult;
import dev.topology.run.exec.Execution;
import dev.topology.run.node.ByteQueue;
import dev.topology.run.node.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests that stream: consoles, programs and captures, as long as a client is there. Thread-safe.
 */
final class Conversation {

  /** Bytes of a console buffered per viewer; the rest is not shown. */
  private static final int MOST_AHEAD = 1024 * 1024;

  private static final int LINES_FROM_BEFORE = 24;
  private static final int CHUNK = 16 * 1024;

  /** With base64 around it, less than a line may have. */
  private static final int MOST_AT_ONCE = 512 * 1024;

  private final RunningTopology topology;

  Conversation(RunningTopology topology) {
    this.topology = topology;
  }

  /**
   * Shows a console and types on it, until the client has no more to type, the run is over, or this
   * thread is interrupted.
   */
  @Performs(Pace.WHILE_WANTED)
  @SuppressWarnings("try") // It is viewed for as long as the resource is open.
  void console(Request.Console request, Exchange exchange)
      throws IOException, InterruptedException {
    Console console = topology.node(request.node()).console();
    ByteQueue printed = new ByteQueue(MOST_AHEAD);
    AtomicLong missing = new AtomicLong();
    var unused = topology.over().whenComplete((outcome, failure) -> printed.end());
    exchange.data(past(console));
    Thread typist =
        start(
            "console-typist",
            () -> {
              type(console, exchange);
              printed.end();
            });
    try (Console.Viewing viewing = console.view(it -> show(it, printed, missing))) {
      for (var bytes = printed.takeSome(MOST_AT_ONCE);
          bytes.isPresent();
          bytes = printed.takeSome(MOST_AT_ONCE)) {
        exchange.data(bytes.get());
        tellOfMissing(missing.getAndSet(0), exchange);
      }
    } finally {
      // The listener of the run's end keeps this object until then: keep it small.
      printed.discard();
      typist.interrupt();
    }
  }

  /** The last lines, so that a viewer sees the present state: a prompt, for example. */
  private static byte[] past(Console console) {
    return String.join("\r\n", console.tail(LINES_FROM_BEFORE)).getBytes(UTF_8);
  }

  private static void show(byte[] bytes, ByteQueue printed, AtomicLong missing) {
    if (!printed.offer(bytes)) {
      missing.addAndGet(bytes.length);
    }
  }

  private static void tellOfMissing(long bytes, Exchange exchange) throws IOException {
    if (bytes > 0) {
      exchange.data(("\r\n[" + bytes + " bytes were too fast to be shown]\r\n").getBytes(UTF_8));
    }
  }

  private static void type(Console console, Exchange exchange)
      throws IOException, InterruptedException {
    for (var bytes = exchange.input().takeSome(CHUNK);
        bytes.isPresent();
        bytes = exchange.input().takeSome(CHUNK)) {
      console.send(bytes.get());
      exchange.taken(bytes.get().length);
    }
  }

  /**
   * Tells a guest the size of the window that shows its console: a serial port cannot. The kernel
   * there sends SIGWINCH to what runs on the console (tty_ioctl(2), TIOCSWINSZ). Waits for a guest
   * that is not ready yet.
   */
  @Performs(Pace.WHILE_WANTED)
  void resize(Request.Window request) throws IOException, InterruptedException, ControlException {
    RunningNode node = topology.node(request.node());
    // With the exit, stty does not take the place of the shell, which leads a session: a leader
    // that opens a terminal may come to own it.
    String stty =
        "stty -F /dev/hvc0 rows " + request.rows() + " cols " + request.columns() + " || exit";
    CommandResult result = node.shell().run(stty);
    if (!result.isSuccess()) {
      throw new ControlException(
          ErrorId.REFUSED, "stty failed in " + node.name() + ": " + result.errors().strip(), "");
    }
  }

  /** Runs a program until it ends or the client goes. */
  @Performs(Pace.WHILE_WANTED)
  Request.Exited exec(Request.Exec request, Exchange exchange)
      throws IOException, InterruptedException, ControlException {
    RunningNode node = topology.node(request.node());
    if (request.command().isEmpty()) {
      throw new ControlException(ErrorId.BAD_FIELD, "\"command\" has to name a program", "");
    }
    if (node.isPaused()) {
      throw new ControlException(
          ErrorId.REFUSED, node.name() + " is paused", "topology resume " + node.name());
    }
    try (Execution execution = begin(node, request)) {
      exchange.onAside(aside -> pass(aside, execution));
      InputReads reads = new InputReads();
      execution.onInputRead(reads::add);
      Thread input = start("exec-input", () -> feed(execution.input(), exchange));
      Thread taken = start("exec-taken", () -> reads.tell(exchange));
      // Not by this thread: an interrupt, as by a client that has gone, does not wake a write.
      Thread output = start("exec-output", () -> copy(execution.output(), "out", exchange));
      Thread errors = start("exec-errors", () -> copy(execution.errors(), "err", exchange));
      try {
        output.join();
        errors.join();
        int status = execution.status().get();
        reads.end();
        taken.join();
        return new Request.Exited(status);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException ended ? ended : new IllegalStateException(e);
      } finally {
        input.interrupt();
        reads.end();
      }
    }
  }

  @SuppressWarnings("DoNotCallSuggester")
  private static Execution begin(RunningNode node, Request.Exec request)
      throws InterruptedException {
    return request.terminal().isEmpty()
        ? node.exec(request.command())
        : node.execOnTerminal(
            request.command(),
            request.rows().orElseThrow(),
            request.columns().orElseThrow(),
            request.terminal().get());
  }

  private static void pass(Exchange.Aside aside, Execution execution) {
    if (aside instanceof Exchange.SendSignal it) {
      execution.signal(it.signal());
    } else if (aside instanceof Exchange.Resize it) {
      execution.resize(it.rows(), it.columns());
    }
  }

  /** Tells a client how much of its input the program has read. The client keeps the rest. */
  private static final class InputReads {

    private int count;
    private boolean ended;

    synchronized void add(int bytes) {
      count += bytes;
      notifyAll();
    }

    synchronized void end() {
      ended = true;
      notifyAll();
    }

    private synchronized int take() throws InterruptedException {
      while (count == 0 && !ended) {
        wait();
      }
      int taken = count;
      count = 0;
      return taken;
    }

    void tell(Exchange exchange) throws IOException, InterruptedException {
      for (int bytes = take(); bytes > 0; bytes = take()) {
        exchange.taken(bytes);
      }
    }
  }

  private static void feed(OutputStream program, Exchange exchange)
      throws IOException, InterruptedException {
    try (program) {
      for (Optional<byte[]> bytes = exchange.input().takeSome(CHUNK);
          bytes.isPresent();
          bytes = exchange.input().takeSome(CHUNK)) {
        program.write(bytes.get());
      }
    }
  }

  private static void copy(InputStream output, String stream, Exchange exchange)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
      exchange.data(stream, Arrays.copyOf(chunk, count));
    }
  }

  /**
   * Captures until the run is over, the client has gone or this thread is interrupted. A client
   * that reads slowly misses frames, which the answer counts.
   */
  @Performs(Pace.WHILE_WANTED)
  Request.Captured capture(Request.CaptureCable request, Exchange exchange)
      throws IOException, InterruptedException {
    Capture capture = topology.cable(request.cable()).capture(new ToClient(exchange));
    try (capture) {
      CompletableFuture.anyOf(capture.ended(), topology.over()).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the run broke off by a fault of its own", e);
    }
    return new Request.Captured(capture.frames(), capture.dropped());
  }

  /** Each write is data of an exchange. */
  private static final class ToClient extends OutputStream {

    private final Exchange exchange;

    ToClient(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      int end = from + count;
      for (int at = from; at < end; at += MOST_AT_ONCE) {
        exchange.data(Arrays.copyOfRange(bytes, at, Math.min(end, at + MOST_AT_ONCE)));
      }
    }
  }

  private interface Work {
    void perform() throws Exception;
  }

  private static Thread start(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.perform();
              } catch (Exception over) {
                // The guest or the client has gone, which the request's own thread sees too.
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
