package dev.topology.run;

import dev.topology.guest.ShellRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs commands in a guest, apart from its console: what they write and how they end comes back
 * over a port of its own, whatever the console shows meanwhile.
 *
 * <p>The built-in image serves it from the moment it is ready, also while its {@code command} runs;
 * see {@link ShellRequest} for what another image has to do. Each command is a script for the
 * guest's {@code sh}, run from {@code /} without input, in a session of its own. What it starts in
 * the background and detaches from that session ({@code setsid httpd}) stays. Thread-safe; the
 * commands of several threads run beside each other.
 */
public final class Shell {

  /** How long a command may take unless said otherwise. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(1);

  private static final Duration TO_ABANDON = Duration.ofMillis(100);

  private final Supplier<NodeFate> fates;

  Shell(Supplier<NodeFate> fates) {
    this.fates = fates;
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
   */
  public CommandResult run(String command, Duration deadline) throws InterruptedException {
    Deadline end = Deadline.in(deadline);
    NodeFate fate = fates.get();
    ShellLink link = fate.ports().shell();
    link.startOnce();
    fate.await(
        link.served(), end, "anything in it served the port topology.shell, as the image must");
    return finish(command, end, fate, link);
  }

  private CommandResult finish(String command, Deadline end, NodeFate fate, ShellLink link)
      throws InterruptedException {
    String what = "its command \"" + command.strip() + "\" had ended";
    ShellRequest request = link.request(command);
    boolean done = false;
    try {
      Optional<CompletableFuture<CommandResult>> running = link.run(request, end);
      if (running.isEmpty()) {
        throw end.left().isZero() ? fate.outOfTime(end, what) : fate.ended(what);
      }
      CommandResult result = fate.await(running.get(), end, what);
      done = true;
      return result;
    } finally {
      if (!done) {
        abandon(request, link);
      }
    }
  }

  /** Also where the thread was interrupted, which stays set. */
  private void abandon(ShellRequest request, ShellLink link) {
    boolean interrupted = Thread.interrupted();
    try {
      link.abandon(request, Deadline.in(TO_ABANDON));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
