package dev.topology.run.exec;

import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.Console;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.run.node.ShellLink;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
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
  public static final Duration DEFAULT_DEADLINE = Console.DEFAULT_DEADLINE;

  /** How many bytes it may write to each of its outputs: 64 MiB. */
  public static final int MOST_OUTPUT_BYTES = 64 << 20;

  private final Supplier<NodeWaiter> waiters;

  public Shell(Supplier<NodeWaiter> waiters) {
    this.waiters = waiters;
  }

  /** Runs a command, for {@linkplain #DEFAULT_DEADLINE five minutes} at the most: see the other. */
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
    String what = "its command \"" + command.strip() + '"';
    Kept output = new Kept(waiter.name(), command);
    Kept errors = new Kept(waiter.name(), command);
    try (StreamedCommand running = new StreamedCommand(waiter, what, output, errors)) {
      if (!running.start(program, end)) {
        throw waiter.gaveUp(end, what + " had ended");
      }
      running.await(running.allEnded(), end);
      int status = running.status().join();
      return new CommandResult(waiter.name(), command, status, output.bytes(), errors.bytes());
    }
  }

  /** An output that is kept until the command has ended, and is not read before. */
  private static final class Kept extends GuestBytes {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final String node;
    private final String script;

    Kept(String node, String script) {
      this.node = node;
      this.script = script;
    }

    @Override
    void put(byte[] more) {
      if (bytes.size() + more.length > MOST_OUTPUT_BYTES) {
        String text =
            "the command \"%s\" of %s wrote more than %d MiB; have it write to a file, or use exec"
                .formatted(script.strip(), node, MOST_OUTPUT_BYTES >> 20);
        command().fail(new GuestAgentException(node, text, null));
        return;
      }
      bytes.writeBytes(more);
      if (more.length > 0) {
        give(more.length);
      }
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
