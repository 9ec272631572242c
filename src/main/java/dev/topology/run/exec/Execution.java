package dev.topology.run.exec;

import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.AgentLink;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.RunException.GuestAgentException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import dev.topology.run.node.ShellLink;
import dev.topology.text.ShellWord;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;

/**
 * A command that runs in a guest, with its standard input, output and error as streams.
 *
 * <p>Where the guest serves the port {@code topology.shell}, as the built-in image does, they are
 * streams in the full sense. What the command writes has to be read: it waits while nobody does,
 * once 256 KiB are on their way. A guest runs some hundreds of such commands at once.
 *
 * <p>Where it does not, a QEMU guest agent does as well ({@code qemu-ga} of QEMU 4.0 or later, on
 * {@code org.qemu.guest_agent.0}), but {@linkplain #isStreamed() not in streams}: it starts the
 * command when {@link #input} is closed, and not before, takes at most {@link #MOST_INPUT_BYTES},
 * and hands out what the command wrote when it has ended, the first 16 MiB of each output; reading
 * further fails with a {@link GuestAgentException}. In a guest that has both, the port is used once
 * it is served, for the streams' sake.
 *
 * <p>The streams block without a deadline of their own; an interrupt wakes them, with an {@link
 * java.io.InterruptedIOException}, and so does {@link #close}. If the node ends meanwhile, reading
 * and {@link #awaitEnd} fail within milliseconds with a {@link NodeEndedException}.
 *
 * <p>It has to be closed. That ends the command if it still runs, with all that it started and did
 * not detach.
 *
 * <p>Thread-safe; each stream is for one thread at a time.
 */
public abstract sealed class Execution implements AutoCloseable
    permits StreamedCommand, CollectedCommand {

  /** What a command that is not {@linkplain #isStreamed() streamed} reads at the most: 8 MiB. */
  public static final int MOST_INPUT_BYTES = 8 << 20;

  private static final String SERVED =
      "anything in it ran commands: the image has to serve the port topology.shell, as the"
          + " built-in one does, or have a QEMU guest agent";

  private static final String SERVED_BY_ITS_SYSTEM =
      "anything in it ran commands: its own system would need a QEMU guest agent for that; ssh to a"
          + " port of it (ports: {22: auto}) and \"topology console\" do without";

  private final NodeWaiter waiter;
  private final String end;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();

  /**
   * @param what the command, as the beginning of "left ended before WHAT had ended"
   */
  Execution(NodeWaiter waiter, String what) {
    this.waiter = waiter;
    this.end = what + " had ended";
    failWithNode(waiter, end, status);
  }

  /**
   * Starts a program, once the guest runs commands: by the agent behind {@code topology.shell},
   * which has streams, or else by a QEMU guest agent.
   *
   * @throws NodeEndedException if the node ends before
   * @throws OutOfTimeException if nothing in the guest runs commands
   * @throws GuestAgentException if a terminal is wanted and only a QEMU guest agent is there
   */
  public static Execution start(NodeWaiter waiter, ProgramStart program, Deadline deadline)
      throws InterruptedException {
    ShellLink shell = waiter.ports().shell();
    AgentLink agent = waiter.ports().agent();
    shell.startOnce();
    agent.greetOnce();
    waiter.await(
        CompletableFuture.anyOf(shell.served(), agent.served()),
        deadline,
        waiter.ports().isPc() ? SERVED_BY_ITS_SYSTEM : SERVED);
    String what = "its command \"" + program.summary() + '"';
    if (shell.served().isDone()) {
      var command = new StreamedCommand(waiter, what, new GuestBytes(), new GuestBytes());
      if (!command.start(program, deadline)) {
        throw waiter.gaveUp(deadline, what + " had started");
      }
      return command;
    }
    if (program.terminal().isPresent()) {
      throw new GuestAgentException(
          waiter.name(), "the QEMU guest agent of " + waiter.name() + " has no terminals", null);
    }
    return new CollectedCommand(waiter, what, agent, scriptOf(program.arguments()));
  }

  /** The script that runs a program with its arguments in the shell's place. */
  private static String scriptOf(List<String> argv) {
    return "exec " + ShellWord.command(argv);
  }

  /**
   * This stays until the node ends, and a node may run many commands. So it refers to no execution,
   * whose output would be kept in memory.
   */
  private static void failWithNode(
      NodeWaiter waiter, String end, CompletableFuture<Integer> status) {
    var unused =
        waiter
            .gone()
            .thenRun(
                () -> {
                  try {
                    status.completeExceptionally(waiter.ended(end));
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  /**
   * What the command reads; closing it is the end of its input, without which a command that is not
   * {@linkplain #isStreamed() streamed} does not start. Writing waits while the command does not
   * read, and fails with an {@link IOException} once it has ended.
   */
  public abstract OutputStream input();

  /**
   * Whether its input and output are passed on while it runs; otherwise its input is collected
   * before it starts, and its output comes at its end.
   */
  public abstract boolean isStreamed();

  /**
   * Tells a listener, each time the command has read some of its input, how many bytes that was;
   * what it has not read when it ends is never told. Of a command that is not {@linkplain
   * #isStreamed() streamed}, all that was written counts as read. The listener is called by a
   * thread that others wait for: it must return at once.
   */
  public abstract void onInputRead(IntConsumer listener);

  /**
   * Sends it a signal, such as 2 for SIGINT: to its process group, or to the one in the foreground
   * of its terminal. Does nothing where it has ended, or is not {@linkplain #isStreamed()
   * streamed}.
   */
  public abstract void signal(int number);

  /** Says how large its terminal is now, if it has one; each way 1 to 65535. */
  public abstract void resize(int rows, int columns);

  /** What it writes to standard output until it ends, without what its children write later. */
  public abstract InputStream output();

  /** What it writes to standard error. */
  public abstract InputStream errors();

  /**
   * Completes with its exit status, 0 to 255 as of a shell: 127 where there is no such command, 128
   * and the signal's number where a signal ended it. That may be before all it wrote has been read.
   * Exceptionally, with a {@link NodeEndedException}, if the node ends before, or with a {@link
   * GuestAgentException} if a guest agent does not run it.
   */
  public final CompletableFuture<Integer> status() {
    return status.copy();
  }

  /** The same, to be completed by the subclass when the command has ended. */
  final CompletableFuture<Integer> ownStatus() {
    return status;
  }

  /**
   * Waits for its end.
   *
   * @return its exit status: see {@link #status}
   * @throws OutOfTimeException if it has not ended by then; it goes on
   * @throws NodeEndedException if the node ends before
   * @throws GuestAgentException if the node's guest agent does not run it
   */
  public final int awaitEnd(Duration deadline) throws InterruptedException {
    return await(status, Deadline.in(deadline));
  }

  /** Waits for something that comes with its end. */
  final <T> T await(CompletableFuture<T> result, Deadline deadline) throws InterruptedException {
    return waiter.await(result, deadline, end);
  }

  /**
   * Ends the command if it still runs, with what it started and did not detach, and the streams.
   * Returns within a tenth of a second. An interrupt does not keep it from that, and stays set.
   */
  @Override
  public abstract void close();

  /** For a thread that was interrupted while it read or wrote. */
  static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while a command ran");
  }

  /** Why a stream has failed, with the trace of the calling thread. */
  final IOException failure(CompletableFuture<?> failed) throws IOException {
    try {
      failed.get();
      throw new IllegalArgumentException("it has not failed");
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      return failure(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private IOException failure(Throwable cause) throws IOException {
    if (cause instanceof NodeEndedException || cause instanceof EOFException) {
      try {
        throw waiter.ended(end);
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
    if (cause instanceof GuestAgentException agent) {
      throw agent.again();
    }
    return new IOException(cause.getMessage(), cause);
  }
}
