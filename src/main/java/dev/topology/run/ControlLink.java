package dev.topology.run;

import dev.topology.guest.GuestMessage;
import dev.topology.guest.Moment;
import dev.topology.plan.NodePlan;
import dev.topology.posix.SocketStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The host's side of the conversation with one guest over {@code topology.control}.
 *
 * <p>The guest speaks first: only when it says {@code hello} is the time read that it is told, so
 * that its clock is right however long it took to boot. A guest that says {@code hello} again is
 * told everything again.
 */
final class ControlLink extends Reader {

  private static final int SEED_BYTES = 32;

  /** Bytes; a guest has little to say. */
  private static final int LONGEST_LINE = 64 * 1024;

  /** So many lines of one guest cannot fill the memory of the host, however fast they come. */
  private static final int MOST_LINES = 10_000;

  private final NodePlan plan;
  private final SocketStream socket;
  private final NodeSignals signals;

  ControlLink(NodePlan plan, SocketStream socket, NodeSignals signals) {
    super("control-" + plan.name(), socket);
    this.plan = plan;
    this.socket = socket;
    this.signals = signals;
  }

  @Override
  void read() throws IOException {
    BoundedLines lines = new BoundedLines(socket.input(), LONGEST_LINE);
    for (int count = 0; count < MOST_LINES; count++) {
      Optional<String> line = lines.next();
      if (line.isEmpty()) {
        return;
      }
      GuestMessage message = GuestMessage.parse(line.get());
      if (message instanceof GuestMessage.Hello) {
        introduce();
      }
      signals.said(message);
    }
    throw new IllegalStateException("more than " + MOST_LINES + " lines");
  }

  private void introduce() throws IOException {
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    List<String> lines = new ArrayList<>(plan.greeting());
    lines.addAll(Moment.of(Instant.now(), seed).lines());
    Writer writer =
        new BufferedWriter(new OutputStreamWriter(socket.output(), StandardCharsets.UTF_8));
    for (String line : lines) {
      writer.write(line);
      writer.write('\n');
    }
    writer.flush();
  }
}
