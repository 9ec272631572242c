package dev.topology.run.exec;

import dev.topology.plan.qemu.AgentCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.run.node.AgentLink;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.RunException.GuestAgentException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A command that a QEMU guest agent runs. The agent takes all of its input before it starts, and
 * gives out all of its output when it has ended; its state has to be polled.
 */
final class CollectedCommand extends Execution {

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 200;

  /** After so long without an answer, the agent may have ended. */
  private static final long TO_ANSWER_MILLIS = 10_000;

  private final AgentLink agent;
  private final String script;
  private final CompletableFuture<Long> pid = new CompletableFuture<>();
  private final CollectedInput input = new CollectedInput();
  private final LateOutput output = new LateOutput();
  private final LateOutput errors = new LateOutput();
  private boolean abandoned;
  private volatile boolean exited;

  CollectedCommand(NodeWaiter waiter, String what, AgentLink agent, String script) {
    super(waiter, what);
    this.agent = agent;
    this.script = script;
    var unused = ownStatus().whenComplete((number, failure) -> ended(failure));
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
              if (!started.isDone() && !ownStatus().isDone()) {
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

  /**
   * Goes on also when nobody waits: the agent keeps a result in its memory until it is asked for.
   */
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
    ownStatus().complete(exit.status());
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
    ownStatus().completeExceptionally(new GuestAgentException(agent.node(), message, cause));
  }

  @Override
  public OutputStream input() {
    return input;
  }

  /** The agent takes all input before it starts the command; more cannot be known. */
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
  public boolean isStreamed() {
    return false;
  }

  /** A QEMU guest agent cannot send it any. */
  @Override
  public void signal(int number) {}

  @Override
  public void resize(int rows, int columns) {}

  @Override
  public synchronized void close() {
    if (!ownStatus().isDone()) {
      abandoned = true;
      var unused = pid.thenCompose(it -> agent.execute(AgentCommand.kill(it)));
      ownStatus().completeExceptionally(new IOException("the command was closed"));
    }
  }

  /** What a command is to read, kept until all of it is there. */
  private final class CollectedInput extends OutputStream {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private IntConsumer takers = count -> {};
    private boolean closed;

    /** Tells a listener how many bytes were kept each time. */
    void onTaken(IntConsumer listener) {
      takers = listener;
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
      if (!keep(source, offset, count)) {
        refuse();
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
      start(all);
    }

    /** Takes no more: it would not be read. */
    synchronized void end() {
      closed = true;
      bytes.reset();
    }
  }

  /** What a command has written, all of which comes when it has ended. Reading waits for that. */
  private final class LateOutput extends InputStream {

    private final CompletableFuture<InputStream> bytes = new CompletableFuture<>();

    /** Hands out all that there is. */
    void complete(byte[] all) {
      bytes.complete(new ByteArrayInputStream(all));
    }

    /** Hands out the beginning, and then fails: what was lost must not look like the end. */
    void complete(byte[] beginning, Supplier<RuntimeException> lost) {
      bytes.complete(new SequenceInputStream(new ByteArrayInputStream(beginning), new Lost(lost)));
    }

    /** Nothing will come. */
    void fail(Throwable reason) {
      bytes.completeExceptionally(reason);
    }

    private InputStream await() throws IOException {
      try {
        return bytes.get();
      } catch (InterruptedException e) {
        throw interrupted();
      } catch (ExecutionException e) {
        throw failure(bytes);
      }
    }

    @Override
    public int read() throws IOException {
      return await().read();
    }

    @Override
    public int read(byte[] destination, int offset, int length) throws IOException {
      return await().read(destination, offset, length);
    }

    @Override
    public int available() throws IOException {
      return bytes.isDone() ? await().available() : 0;
    }

    /** Takes the place of the rest that was lost: reading fails. */
    private static final class Lost extends InputStream {

      private final Supplier<RuntimeException> reason;

      Lost(Supplier<RuntimeException> reason) {
        this.reason = reason;
      }

      @Override
      public int read() {
        throw reason.get();
      }

      /** Not as of {@link InputStream}, which would make an exception the end. */
      @Override
      public int read(byte[] destination, int offset, int length) {
        return length == 0 ? 0 : read();
      }
    }
  }
}
