package dev.topology.run.exec;

import dev.topology.plan.qemu.AgentCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.run.node.AgentLink;
import dev.topology.run.node.GuestAgentException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A command that a QEMU guest agent runs. The agent takes all of its input before it starts, and
 * gives out all of its output when it has ended; how that is, has to be asked again and again.
 */
final class CollectedCommand implements GuestCommand {

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 200;

  /** After this, an answer may be one that its agent did not live to give. */
  private static final long TO_ANSWER_MILLIS = 10_000;

  private final AgentLink agent;
  private final String script;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final CompletableFuture<Long> pid = new CompletableFuture<>();
  private final CollectedInput input = new CollectedInput(this::start, this::refuse);
  private final LateOutput output;
  private final LateOutput errors;
  private boolean abandoned;
  private volatile boolean exited;

  CollectedCommand(AgentLink agent, String script, Broken broken) {
    this.agent = agent;
    this.script = script;
    this.output = new LateOutput(broken);
    this.errors = new LateOutput(broken);
    var unused = status.whenComplete((number, failure) -> ended(failure));
  }

  private void ended(@Nullable Throwable failure) {
    input.end();
    if (failure != null) {
      output.fail(failure);
      errors.fail(failure);
    }
  }

  private synchronized void start(byte[] bytes) {
    if (abandoned) {
      return;
    }
    var started = agent.execute(AgentCommand.run(script, bytes));
    orFail(
        started.thenAccept(
            answer -> {
              pid.complete(answer.number("pid"));
              ask(FIRST_PAUSE_MILLIS);
            }));
    failIfOvertaken(started);
  }

  /**
   * Fails if a later request is answered before the start of the command is. An agent answers in
   * order, so the one that was to start the command has ended, and another has taken its place.
   */
  private void failIfOvertaken(CompletableFuture<QmpMessage.Return> started) {
    after(TO_ANSWER_MILLIS)
        .execute(
            () -> {
              if (!started.isDone() && !status.isDone()) {
                var later = agent.execute(AgentCommand.sync(System.nanoTime() & Integer.MAX_VALUE));
                orFail(later.thenAccept(any -> overtaken(started)));
                failIfOvertaken(started);
              }
            });
  }

  private void overtaken(CompletableFuture<QmpMessage.Return> started) {
    if (!started.isDone()) {
      fail(doesNotRunIt() + "it ended before it answered", null);
    }
  }

  private String doesNotRunIt() {
    return "the guest agent of " + agent.node() + " does not run the command: ";
  }

  /** Goes on when nobody waits any more: the agent keeps what is not asked for. */
  private void ask(long pauseMillis) {
    if (exited) {
      return;
    }
    var answer = agent.execute(AgentCommand.status(pid.join()));
    orFail(answer.thenAccept(it -> take(it, pauseMillis)));
    after(TO_ANSWER_MILLIS)
        .execute(
            () -> {
              if (!answer.isDone()) {
                ask(pauseMillis);
              }
            });
  }

  private void take(QmpMessage.Return answer, long pauseMillis) {
    Optional<AgentCommand.Exit> exit = AgentCommand.Exit.of(answer);
    if (exit.isPresent()) {
      exited = true;
      handOut(exit.get());
    } else {
      long next = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
      after(pauseMillis).execute(() -> ask(next));
    }
  }

  private void handOut(AgentCommand.Exit exit) {
    handOut(output, exit.output(), exit.isOutputCut());
    handOut(errors, exit.errors(), exit.areErrorsCut());
    status.complete(exit.status());
  }

  private void handOut(LateOutput stream, byte[] bytes, boolean isCut) {
    if (isCut) {
      stream.complete(bytes, () -> dropped(bytes.length));
    } else {
      stream.complete(bytes);
    }
  }

  private GuestAgentException dropped(int kept) {
    return new GuestAgentException(
        agent.node(),
        "the guest agent of "
            + agent.node()
            + " has kept "
            + kept
            + " bytes of what the command wrote, and dropped the rest; have it write to a file",
        null);
  }

  private static Executor after(long millis) {
    return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
  }

  /** Where QEMU is gone, a waiter is told by NodeWaiter, which knows why. */
  private void orFail(CompletableFuture<Void> step) {
    var unused =
        step.exceptionally(
            failure -> {
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              if (!(cause instanceof IOException)) {
                fail(doesNotRunIt() + cause.getMessage(), cause);
              }
              return null;
            });
  }

  private void refuse() {
    fail(
        "the guest agent of "
            + agent.node()
            + " takes no more than "
            + Execution.MOST_INPUT_BYTES
            + " bytes of input for a command; hand a file over by \"files:\" or the network",
        null);
  }

  private void fail(String message, @Nullable Throwable cause) {
    status.completeExceptionally(new GuestAgentException(agent.node(), message, cause));
  }

  @Override
  public OutputStream input() {
    return input;
  }

  /** The agent takes it all before it starts the command, which is what can be known of it. */
  @Override
  public void onInputRead(IntConsumer listener) {
    input.onTaken(listener);
  }

  @Override
  public InputStream output() {
    return output;
  }

  @Override
  public InputStream errors() {
    return errors;
  }

  @Override
  public CompletableFuture<Integer> status() {
    return status;
  }

  @Override
  public boolean isStreamed() {
    return false;
  }

  /** A QEMU guest agent cannot send it any. */
  @Override
  public void signal(int number) {}

  @Override
  public void resize(int rows, int columns) {}

  @Override
  public synchronized void kill() {
    abandoned = true;
    var unused = pid.thenCompose(it -> agent.execute(AgentCommand.kill(it)));
  }

  @Override
  public void close() {
    status.completeExceptionally(new IOException("the command was closed"));
  }

  /** What a command is to read, kept until all of it is there. */
  static final class CollectedInput extends OutputStream {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Consumer<byte[]> whole;
    private final Runnable tooMuch;
    private IntConsumer takers = count -> {};
    private boolean closed;

    /**
     * @param whole takes it once it is closed
     * @param tooMuch called instead where it is more than {@link Execution#MOST_INPUT_BYTES}
     */
    CollectedInput(Consumer<byte[]> whole, Runnable tooMuch) {
      this.whole = whole;
      this.tooMuch = tooMuch;
    }

    /** Tells a listener how many bytes were kept each time. */
    void onTaken(IntConsumer listener) {
      takers = listener;
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
      if (!keep(source, offset, count)) {
        tooMuch.run();
        throw new IOException("the input of the command is too much for a guest agent");
      }
      takers.accept(count);
    }

    private synchronized boolean keep(byte[] source, int offset, int count) throws IOException {
      if (closed) {
        throw new IOException("the input of the command was closed");
      }
      boolean fits = count <= Execution.MOST_INPUT_BYTES - bytes.size();
      if (fits) {
        bytes.write(source, offset, count);
      } else {
        end();
      }
      return fits;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void close() {
      byte[] all;
      synchronized (this) {
        if (closed) {
          return;
        }
        all = bytes.toByteArray();
        end();
      }
      whole.accept(all);
    }

    /** Takes no more, for nobody will read it. */
    synchronized void end() {
      closed = true;
      bytes.reset();
    }
  }
}
