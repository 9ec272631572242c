package dev.topology.run.node;

import dev.topology.plan.qemu.AgentCommand;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.Reader.BoundedLines;
import dev.topology.run.node.RunException.GuestAgentException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Speaks with the QEMU guest agent of one guest, if it has one: {@link AgentCommand}.
 *
 * <p>Each command has a number that its answer repeats. So if an agent ends without an answer, the
 * answers of the next agent still go to the right commands. Agents of QEMU 4.0 and later do that.
 * What is sent before the agent is there waits for it. Thread-safe.
 */
public final class AgentLink extends Reader {

  private static final long JOIN_MILLIS = 2000;

  /** Bytes: 16 MiB each of output and errors, in Base64, which is all that an agent collects. */
  private static final int LONGEST_LINE = 48 * 1024 * 1024;

  /** What the byte before the answer to {@link AgentCommand#sync} is read as. */
  private static final char DELIMITER = '\ufffd';

  private final String node;
  private final SocketStream socket;
  private final ExecutorService sender;
  private final AtomicBoolean greeted = new AtomicBoolean();
  private final AtomicLong lastId = new AtomicLong();
  private final Map<String, CompletableFuture<QmpMessage.Return>> unanswered =
      new ConcurrentHashMap<>();
  private final CompletableFuture<Void> served = new CompletableFuture<>();

  public AgentLink(String node, SocketStream socket) {
    super("agent-" + node, socket);
    this.node = node;
    this.socket = socket;
    this.sender = Executors.newSingleThreadExecutor(task -> daemon(task, "to-agent-" + node));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** The guest's name. */
  public String node() {
    return node;
  }

  /** Begins to listen, and asks whether there is an agent, if it has not. */
  public void greetOnce() {
    startOnce();
    if (greeted.compareAndSet(false, true)) {
      var unused =
          execute(AgentCommand.sync(System.nanoTime() & Integer.MAX_VALUE))
              .thenRun(() -> served.complete(null));
    }
  }

  /** Completes when an agent has answered. */
  public CompletableFuture<Void> served() {
    return served;
  }

  /**
   * Sends a command, after those before it. Never blocks.
   *
   * @return its answer; a {@link GuestAgentException} where the agent refuses it; an {@link
   *     IOException} once QEMU is gone; never, where there is no agent or it ends
   */
  public CompletableFuture<QmpMessage.Return> execute(QmpCommand command) {
    String id = Long.toString(lastId.incrementAndGet());
    CompletableFuture<QmpMessage.Return> answer = new CompletableFuture<>();
    unanswered.put(id, answer);
    byte[] line = (command.line(id) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      sender.execute(() -> send(line));
    } catch (RejectedExecutionException closed) {
      abandon();
    }
    return answer;
  }

  private void send(byte[] line) {
    try {
      socket.write(ByteBuffer.wrap(line));
    } catch (IOException gone) {
      abandon();
    }
  }

  @Override
  void read() throws IOException {
    BoundedLines lines = new BoundedLines(socket.input(), LONGEST_LINE);
    try {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        String answer = line.get();
        receive(QmpMessage.parse(answer.substring(answer.lastIndexOf(DELIMITER) + 1)));
      }
    } finally {
      abandon();
    }
  }

  private void receive(QmpMessage message) {
    if (message instanceof QmpMessage.Return answer) {
      waitingFor(answer.id()).ifPresent(it -> it.complete(answer));
    } else if (message instanceof QmpMessage.Refusal refusal) {
      var reason = new GuestAgentException(node, refusal.description().toString(), null);
      waitingFor(refusal.id()).ifPresent(it -> it.completeExceptionally(reason));
    }
  }

  private void abandon() {
    for (String id : unanswered.keySet()) {
      waitingFor(Optional.of(id))
          .ifPresent(it -> it.completeExceptionally(new IOException("QEMU is gone")));
    }
  }

  private Optional<CompletableFuture<QmpMessage.Return>> waitingFor(Optional<String> id) {
    return id.flatMap(it -> Optional.ofNullable(unanswered.remove(it)));
  }

  @Override
  public void close() {
    super.close();
    sender.shutdownNow();
    try {
      sender.awaitTermination(JOIN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
