package dev.topology.run.exec;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.Deadline;
import dev.topology.run.node.GuestAgentException;
import dev.topology.run.node.NodeEndedException;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.OutOfTimeException;
import dev.topology.run.node.ShellLink;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs commands in a guest, apart from its console: what they write and how they end comes back
 * over a port of its own, whatever the console shows meanwhile.
 *
 * <p>The built-in image serves it from the moment it is ready, also while its {@code command} runs;
 * see "The guest's side" in the language reference for what another image has to do. Each command
 * is a script for the guest's {@code sh}, of 128 KiB at the most, run from {@code /} without input,
 * in a session of its own. What it starts in the background ({@code httpd &}) stays when it ends,
 * and what that writes later is no part of the result. Thread-safe; the commands of several threads
 * run beside each other.
 */
public final class Shell {

  /** How long a command may take unless said otherwise. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(1);

  /** How many bytes it may write to each of its outputs: 64 MiB. */
  public static final int MOST_OUTPUT_BYTES = 64 << 20;

  private final Supplier<NodeWaiter> waiters;

  public Shell(Supplier<NodeWaiter> waiters) {
    this.waiters = waiters;
  }

  /** Runs a command, for {@linkplain #DEFAULT_DEADLINE a minute} at the most: see the other. */
  public CommandResult run(String command) throws InterruptedException {
    return run(command, DEFAULT_DEADLINE);
  }

  /**
   * Runs a command and waits for its end. Before the guest is ready that includes waiting for it.
   * If the wait ends before the command does, by the deadline or an interrupt, the command and what
   * it has started is killed.
   *
   * @throws NodeEndedException if the node ends before, within milliseconds
   * @throws OutOfTimeException if the command does not end in time, or nothing in the guest serves
   *     commands
   * @throws GuestAgentException if the guest cannot start it, as it is out of memory or processes,
   *     or if it writes more than {@link #MOST_OUTPUT_BYTES}
   */
  public CommandResult run(String command, Duration deadline) throws InterruptedException {
    Deadline end = Deadline.in(deadline);
    ProgramStart program = ProgramStart.script(command);
    NodeWaiter waiter = waiters.get();
    ShellLink link = waiter.ports().shell();
    link.startOnce();
    waiter.await(
        link.served(), end, "anything in it served the port topology.shell, as the image must");
    String what = "its command \"" + command.strip() + "\" had ended";
    Run run = new Run(link, command);
    boolean done = false;
    try {
      link.join(run.id, run);
      if (!link.sender().send(program.frame(run.id, GuestBytes.WINDOW), end)) {
        throw waiter.gaveUp(end, what);
      }
      CommandResult result = waiter.await(run.result, end, what);
      done = true;
      return result;
    } finally {
      link.forget(run.id);
      if (!done) {
        link.sendAtOnce(AgentFrame.close(run.id));
      }
    }
  }

  /** One command: collects what it writes. */
  private static final class Run implements ShellLink.Endpoint {

    private final long id;
    private final ShellLink link;
    private final String command;
    private final ByteArrayOutputStream[] outputs = {
      new ByteArrayOutputStream(), new ByteArrayOutputStream()
    };
    private final boolean[] ended = new boolean[2];
    private final CompletableFuture<CommandResult> result = new CompletableFuture<>();
    private int status = -1;

    Run(ShellLink link, String command) {
      this.id = link.nextId();
      this.link = link;
      this.command = command;
    }

    @Override
    public void take(AgentFrame frame) {
      switch (frame.type()) {
        case DATA -> collect(number(frame), frame.payload());
        case END -> ended[number(frame)] = true;
        case EXIT -> status = frame.number();
        case FAILED -> result.completeExceptionally(link.refusal(frame));
        default -> throw new BadFrameException("for a command, " + frame);
      }
      if (status >= 0 && ended[0] && ended[1]) {
        result.complete(
            new CommandResult(
                link.node(), command, status, outputs[0].toByteArray(), outputs[1].toByteArray()));
      }
    }

    private static int number(AgentFrame frame) {
      if (frame.stream() < 1 || frame.stream() > 2) {
        throw new BadFrameException("of a command's streams, " + frame);
      }
      return frame.stream() - 1;
    }

    private void collect(int number, byte[] bytes) {
      if (outputs[number].size() + bytes.length > MOST_OUTPUT_BYTES) {
        String text =
            "the command \"%s\" of %s wrote more than %d MiB; have it write to a file, or use exec"
                .formatted(command.strip(), link.node(), MOST_OUTPUT_BYTES >> 20);
        result.completeExceptionally(new GuestAgentException(link.node(), text, null));
        return;
      }
      outputs[number].writeBytes(bytes);
      if (bytes.length > 0) {
        link.sendAtOnce(AgentFrame.credit(id, number + 1, bytes.length));
      }
    }

    @Override
    public void lost(Exception reason) {
      result.completeExceptionally(reason);
    }
  }
}
