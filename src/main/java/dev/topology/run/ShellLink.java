package dev.topology.run;

import dev.topology.guest.ExecExit;
import dev.topology.guest.ExecOpened;
import dev.topology.guest.ShellAnswer;
import dev.topology.guest.ShellRequest;
import dev.topology.posix.SocketStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The host's side of {@code topology.shell}: see {@link ShellRequest}. Read from the first command
 * on; until then what the guest says waits in the socket.
 */
final class ShellLink extends Reader {

  private static final int LONGEST_LINE = 4096;

  private record Running(String script, CompletableFuture<CommandResult> end) {}

  private final String node;
  private final SocketStream socket;
  private final Outlet outlet;
  private final CompletableFuture<Void> served = new CompletableFuture<>();
  private final Map<Long, Running> running = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Void>> openings = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Integer>> exits = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();

  ShellLink(String node, SocketStream socket) {
    super("shell-" + node, socket);
    this.node = node;
    this.socket = socket;
    this.outlet = new Outlet("to-shell-" + node, socket);
  }

  /** Completes when the guest says that it serves the port. */
  CompletableFuture<Void> served() {
    return served;
  }

  Outlet outlet() {
    return outlet;
  }

  ShellRequest request(String script) {
    return new ShellRequest(nextId(), script);
  }

  /**
   * Sends a command.
   *
   * @return how it ends; empty if the guest did not take it in time, or is gone
   */
  Optional<CompletableFuture<CommandResult>> run(ShellRequest request, Deadline deadline)
      throws InterruptedException {
    CompletableFuture<CommandResult> end = new CompletableFuture<>();
    running.put(request.id(), new Running(request.script(), end));
    return send(request.run(), deadline) ? Optional.of(end) : Optional.empty();
  }

  /** Waits for it no more, and has the guest end it, if the guest still listens. */
  void abandon(ShellRequest request, Deadline deadline) throws InterruptedException {
    running.remove(request.id());
    send(ShellRequest.kill(request.id()), deadline);
  }

  /** A number for a command. */
  long nextId() {
    return lastId.incrementAndGet();
  }

  /** Completes when the guest has opened the ports of a command that is about to be sent. */
  CompletableFuture<Void> openingOf(long id) {
    CompletableFuture<Void> opening = new CompletableFuture<>();
    openings.put(id, opening);
    return opening;
  }

  /** Completes with the exit status of a command that is about to be sent. */
  CompletableFuture<Integer> exitOf(long id) {
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    exits.put(id, exit);
    return exit;
  }

  /** Waits for its exit no more, and has the guest end it, if the guest still listens. */
  void abandonExit(long id, Deadline deadline) throws InterruptedException {
    openings.remove(id);
    exits.remove(id);
    send(ShellRequest.kill(id), deadline);
  }

  /** Sends lines; whether they were taken in time. */
  boolean send(String lines, Deadline deadline) throws InterruptedException {
    return outlet.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)), deadline);
  }

  @Override
  void read() throws IOException {
    InputStream in = new BufferedInputStream(socket.input(), LONGEST_LINE);
    for (Optional<String> line = line(in); line.isPresent(); line = line(in)) {
      if (line.get().equals(ShellRequest.GREETING)) {
        served.complete(null);
      }
      ExecOpened.parse(line.get()).ifPresent(this::opened);
      ExecExit.parse(line.get()).ifPresent(this::exited);
      Optional<ShellAnswer> answer = ShellAnswer.parse(line.get());
      if (answer.isPresent()) {
        take(answer.get(), in);
      }
    }
  }

  private void opened(long id) {
    CompletableFuture<Void> waiting = openings.remove(id);
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  private void exited(ExecExit exit) {
    CompletableFuture<Integer> waiting = exits.remove(exit.id());
    if (waiting != null) {
      waiting.complete(exit.status());
    }
  }

  private void take(ShellAnswer answer, InputStream in) throws IOException {
    byte[] output = in.readNBytes(answer.outputBytes());
    byte[] errors = in.readNBytes(answer.errorBytes());
    Running command = running.remove(answer.id());
    if (command != null && errors.length == answer.errorBytes()) {
      command.end.complete(
          new CommandResult(node, command.script, answer.status(), output, errors));
    }
  }

  /** The next line, without its end; nothing at the end of the stream. */
  private static Optional<String> line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return Optional.empty();
      }
      if (line.size() < LONGEST_LINE) {
        line.write(next);
      }
    }
    return Optional.of(line.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    super.close();
    outlet.close();
  }
}
