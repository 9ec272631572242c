package dev.topology.run.exec;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.Deadline;
import dev.topology.run.node.ShellLink;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * A command that the agent behind {@code topology.shell} runs, with streams in the full sense.
 *
 * <p>Its outputs end with what it had written when it ended. What something that it left behind
 * writes to them later, the agent reads away, so that it neither holds the command up nor is held
 * up itself.
 */
final class StreamedCommand implements GuestCommand, ShellLink.Endpoint {

  private static final int OUTPUT = 1;
  private static final int ERRORS = 2;
  private static final int MOST_STATUS = 255;

  private final long id;
  private final ShellLink link;
  private final GuestInput input;
  private final GuestBytes output;
  private final GuestBytes errors;
  private final CompletableFuture<Integer> status = new CompletableFuture<>();

  private StreamedCommand(ShellLink link, boolean hasTerminal, Broken broken) {
    this.id = link.nextId();
    this.link = link;
    this.input = new GuestInput(link, id);
    this.output = new GuestBytes(link, id, OUTPUT, broken);
    this.errors = new GuestBytes(link, id, ERRORS, broken);
    if (hasTerminal) {
      errors.end();
    }
    var unused =
        CompletableFuture.allOf(status, output.ended(), errors.ended())
            .whenComplete((done, failure) -> link.forget(id));
  }

  /** Starts a program; nothing if the guest does not take the request in time, or is gone. */
  static Optional<StreamedCommand> start(
      ShellLink link, ProgramStart program, Broken broken, Deadline deadline)
      throws InterruptedException {
    StreamedCommand command = new StreamedCommand(link, program.terminal().isPresent(), broken);
    link.join(command.id, command);
    boolean sent = false;
    try {
      sent = link.sender().send(program.frame(command.id, GuestBytes.WINDOW), deadline);
      return sent ? Optional.of(command) : Optional.empty();
    } finally {
      if (!sent) {
        link.forget(command.id);
      }
    }
  }

  @Override
  public void take(AgentFrame frame) {
    switch (frame.type()) {
      case DATA -> stream(frame).put(frame.payload());
      case END -> stream(frame).end();
      case CREDIT -> input.credit(frame.number());
      case STOP -> input.stop();
      case EXIT -> ended(frame.number());
      case FAILED -> fail(link.refusal(frame));
      default -> throw new BadFrameException("for a command, " + frame);
    }
  }

  private GuestBytes stream(AgentFrame frame) {
    return switch (frame.stream()) {
      case OUTPUT -> output;
      case ERRORS -> errors;
      default -> throw new BadFrameException("of a command's streams, " + frame);
    };
  }

  private void ended(int exitStatus) {
    if (exitStatus > MOST_STATUS) {
      throw new BadFrameException("an exit status of " + exitStatus);
    }
    input.stop();
    status.complete(exitStatus);
  }

  /** Where QEMU is gone, the status is left to NodeWaiter, which knows why. */
  @Override
  public void lost(Exception reason) {
    if (reason instanceof EOFException) {
      endStreams(reason);
    } else {
      fail(reason);
    }
  }

  private void fail(Throwable reason) {
    status.completeExceptionally(reason);
    endStreams(reason);
  }

  private void endStreams(Throwable reason) {
    input.stop();
    output.fail(reason);
    errors.fail(reason);
  }

  @Override
  public OutputStream input() {
    return input;
  }

  @Override
  public void onInputRead(IntConsumer listener) {
    input.onRead(listener);
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
    return true;
  }

  @Override
  public void signal(int number) {
    link.sendAtOnce(AgentFrame.signal(id, number));
  }

  @Override
  public void resize(int rows, int columns) {
    link.sendAtOnce(AgentFrame.window(id, rows, columns));
  }

  @Override
  public void kill() {
    link.sendAtOnce(AgentFrame.close(id));
    link.forget(id);
  }

  /** What it still writes is wanted no more. */
  @Override
  public void close() {
    if (!status.isDone() || !output.ended().isDone() || !errors.ended().isDone()) {
      kill();
      fail(new IOException("the command was closed"));
    }
  }
}
