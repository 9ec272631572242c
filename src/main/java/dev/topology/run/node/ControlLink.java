package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.plan.NodePlan;
import dev.topology.plan.Start;
import dev.topology.plan.guest.Greeting.Moment;
import dev.topology.plan.guest.GuestMessage;
import dev.topology.posix.Reasons;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.run.node.Reader.BoundedLines;
import dev.topology.run.node.RunException.GuestAgentException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of the conversation with one guest over {@code topology.control}.
 *
 * <p>The guest speaks first. The time that it is told is read when it says {@code hello}, so that
 * its clock is right however long it took to boot. A guest that says {@code hello} again is told
 * everything again. A clone said it before it was one, and waits; one that is to be saved is told
 * nothing.
 */
final class ControlLink extends Reader {

  private static final int SEED_BYTES = 32;

  /** The length of an archive is a multiple of this. */
  private static final int ARCHIVE_BLOCK = 4096;

  /** Bytes; a guest has little to say. */
  private static final int LONGEST_LINE = 64 * 1024;

  /** So many lines of one guest cannot fill the memory of the host, however fast they come. */
  private static final int MOST_LINES = 10_000;

  private final NodePlan plan;
  private final SocketStream socket;
  private final ServiceRelay services;
  private final NodeSignals signals;

  /** Completes when the guest, if it is a clone, goes on. */
  private final CompletableFuture<Void> awake = new CompletableFuture<>();

  ControlLink(NodePlan plan, SocketStream socket, ServiceRelay services, NodeSignals signals) {
    super("control-" + plan.name(), socket);
    this.plan = plan;
    this.socket = socket;
    this.services = services;
    this.signals = signals;
  }

  /** Tells a clone who it is, now that it goes on. Returns at once. */
  void introduceClone() {
    awake.complete(null);
  }

  @Override
  void read() throws IOException {
    if (plan.start() instanceof Start.Cloned) {
      awake.join();
      introduce();
    }
    BoundedLines lines = new BoundedLines(socket.input(), LONGEST_LINE);
    for (int count = 0; count < MOST_LINES; count++) {
      Optional<String> line = lines.next();
      if (line.isEmpty()) {
        return;
      }
      GuestMessage message = GuestMessage.parse(line.get());
      if (message instanceof GuestMessage.Hello && !(plan.start() instanceof Start.Untold)) {
        introduce();
      }
      signals.said(message);
    }
    throw new BoundedLines.ExceededException(
        "more than " + MOST_LINES + " lines on its control port");
  }

  /** The guest acts on what it is told, its command included, once its services can be reached. */
  private void introduce() throws IOException {
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    List<String> lines = new ArrayList<>(plan.greeting(Moment.of(Instant.now(), seed)));
    if (plan.services().isEmpty()) {
      lines.add(Moment.GO);
    }
    if (plan.archiveForClone().isPresent()) {
      // What it is told comes after its random numbers, and may add to its files.
      send(lines.subList(0, 1));
      sendFiles(plan.archiveForClone().get());
      send(lines.subList(1, lines.size()));
    } else {
      send(lines);
    }
    if (!plan.services().isEmpty()) {
      var unused = services.listen().whenComplete((done, failure) -> goOn(failure));
    }
  }

  private void sendFiles(Path archive) throws IOException {
    try {
      send(List.of("files " + Files.size(archive) / ARCHIVE_BLOCK));
      Files.copy(archive, socket.output());
    } catch (FileSystemException e) {
      broke("its files cannot be sent: " + Reasons.of(e));
      throw e;
    }
  }

  @Override
  public void close() {
    awake.complete(null);
    super.close();
  }

  private void goOn(@Nullable Throwable failure) {
    try {
      if (failure == null) {
        send(List.of(Moment.GO));
      } else if (root(failure) instanceof GuestAgentException refusal) {
        signals.failed(
            new FailureCause.GuestError(GuestText.line(String.valueOf(refusal.getMessage()))));
      }
    } catch (IOException gone) {
      // QEMU is gone, and the reading thread comes to the end as well.
    }
  }

  private static Throwable root(Throwable failure) {
    return failure.getCause() == null ? failure : root(failure.getCause());
  }

  private void send(List<String> lines) throws IOException {
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(socket.output(), StandardCharsets.UTF_8));
    for (String line : lines) {
      writer.write(line);
      writer.write('\n');
    }
    writer.flush();
  }
}
