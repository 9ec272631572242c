package dev.topology.run.exec;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.plan.guest.ProgramStart;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.ShellLink;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * A command that the agent behind {@code topology.shell} runs, with streams in the full sense.
 *
 * <p>Its outputs end with what it had written when it ended. What its children in the background
 * write to them later is read and dropped by the agent, so that they are not held up.
 */
final class StreamedCommand extends Execution implements ShellLink.Endpoint {

  private static final int OUTPUT = 1;
  private static final int ERRORS = 2;
  private static final int MOST_STATUS = 255;

  private final ShellLink link;
  private final long id;
  private final Input input = new Input();
  private final GuestBytes output;
  private final GuestBytes errors;
  private final CompletableFuture<Void> allEnded;

  /** One that writes to these; to be started. */
  StreamedCommand(NodeWaiter waiter, String what, GuestBytes output, GuestBytes errors) {
    super(waiter, what);
    this.link = waiter.ports().shell();
    this.id = link.nextId();
    this.output = output;
    this.errors = errors;
    output.comesFrom(this, OUTPUT);
    errors.comesFrom(this, ERRORS);
    this.allEnded = CompletableFuture.allOf(ownStatus(), output.ended(), errors.ended());
    var unused = allEnded.whenComplete((done, failure) -> link.forget(id));
  }

  /** Starts a program; false if the guest does not take the request in time, or is gone. */
  boolean start(ProgramStart program, Deadline deadline) throws InterruptedException {
    if (program.terminal().isPresent()) {
      errors.end();
    }
    link.join(id, this);
    boolean sent = false;
    try {
      sent = link.send(program.frame(id, GuestBytes.WINDOW), deadline);
      return sent;
    } finally {
      if (!sent) {
        link.forget(id);
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
    ownStatus().complete(exitStatus);
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

  /** Ends it for this reason, with its streams. */
  void fail(Throwable reason) {
    ownStatus().completeExceptionally(reason);
    endStreams(reason);
  }

  private void endStreams(Throwable reason) {
    input.stop();
    output.fail(reason);
    errors.fail(reason);
  }

  /** Lets it write so many bytes more to one of its outputs. */
  void credit(int stream, int count) {
    link.sendAtOnce(AgentFrame.credit(id, stream, count));
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

  /** Completes when it has ended and all that it wrote has come. */
  CompletableFuture<Void> allEnded() {
    return allEnded;
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
  public void close() {
    if (!allEnded.isDone()) {
      link.sendAtOnce(AgentFrame.close(id));
      link.forget(id);
      fail(new IOException("the command was closed"));
    }
  }

  /**
   * What the command reads. Writing waits while as much is under way as may be; what the command
   * has read gives new room.
   */
  private final class Input extends OutputStream {

    private static final int MOST_AT_ONCE = 16 * 1024;
    private static final Deadline NONE = Deadline.in(Duration.ofDays(10_000));

    private IntConsumer listener = count -> {};
    private int room = AgentFrame.INPUT_WINDOW;
    private boolean closed;
    private boolean unread;

    synchronized void onRead(IntConsumer reader) {
      listener = reader;
    }

    /** The guest has read so much more. */
    void credit(int count) {
      IntConsumer reader;
      synchronized (this) {
        if (count > AgentFrame.INPUT_WINDOW - room) {
          throw new BadFrameException("credit for what it was not sent");
        }
        room += count;
        reader = listener;
        notifyAll();
      }
      reader.accept(count);
    }

    /** The command does not read it any more. */
    synchronized void stop() {
      unread = true;
      notifyAll();
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      try {
        for (int sent = 0; sent < count; ) {
          int size = takeRoom(Math.min(MOST_AT_ONCE, count - sent));
          byte[] piece = Arrays.copyOfRange(bytes, offset + sent, offset + sent + size);
          if (!link.send(AgentFrame.data(id, 0, piece), NONE)) {
            throw unread();
          }
          sent += size;
        }
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }

    /** Waits for room. */
    private synchronized int takeRoom(int most) throws IOException, InterruptedException {
      while (room == 0 && !unread && !closed) {
        wait();
      }
      if (closed) {
        throw new IOException("the input was closed");
      }
      if (unread) {
        throw unread();
      }
      int size = Math.min(most, room);
      room -= size;
      return size;
    }

    private IOException unread() {
      return new IOException("the command has ended, or reads no more");
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        notifyAll();
        if (!unread) {
          link.sendAtOnce(AgentFrame.end(id, 0));
        }
      }
    }
  }
}
