package dev.topology.run.node;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.Relay.End;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The guest's end of one connection to a service. What its agent says is taken by the thread that
 * reads the agent's port, which never waits; all else is done by the relay's.
 *
 * <p>Neither side sends more than the other gave it credit for, so that what is under way is
 * bounded whatever either of them does.
 */
final class ServiceConnection implements ShellLink.Endpoint, End {

  /** Bytes that may be on their way to a target that does not read. */
  private static final int WINDOW = Relay.CHUNK;

  /** Until QEMU ends, which ends the wait. */
  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(365);

  private final long id;
  private final ShellLink shell;
  private final Relay relay;
  private final Runnable onOver;
  private final AtomicInteger granted = new AtomicInteger();
  private final AtomicLong credit = new AtomicLong(AgentFrame.INPUT_WINDOW);
  private final AtomicBoolean credited = new AtomicBoolean();
  private final AtomicBoolean guestEnds = new AtomicBoolean();
  private final AtomicBoolean guestLost = new AtomicBoolean();

  private @Nullable RelaySocket socket;
  private int owed;
  private boolean guestEnded;
  private boolean targetEnded;
  private boolean over;

  /**
   * A connection that the guest has accepted.
   *
   * @param onOver told once, when the guest knows nothing of it any more
   */
  ServiceConnection(long id, ShellLink shell, Relay relay, Runnable onOver) {
    this.id = id;
    this.shell = shell;
    this.relay = relay;
    this.onOver = onOver;
  }

  /** Connects it to its target, or resets it. */
  void open(Relay.Connector connector, Consumer<IOException> onRefused) {
    relay.connect(
        connector,
        this::connected,
        reason -> {
          onRefused.accept(reason);
          abort();
        });
  }

  private void connected(SocketChannel channel) {
    try {
      if (over) {
        channel.close();
        return;
      }
      socket = new RelaySocket(relay, channel);
      socket.passOnTo(this);
      grant(WINDOW);
    } catch (IOException gone) {
      abort();
    }
  }

  @Override
  public void take(AgentFrame frame) {
    switch (frame.type()) {
      case DATA -> takeData(frame.payload());
      case CREDIT -> takeCredit(frame.number());
      case END -> postOnce(guestEnds, this::endFromGuest);
      case CLOSE, STOP -> postOnce(guestLost, this::drop);
      default -> throw new BadFrameException("for a connection " + frame);
    }
  }

  private void takeData(byte[] bytes) {
    if (granted.addAndGet(-bytes.length) < 0) {
      throw new BadFrameException("more of a connection than it may");
    }
    relay.post(() -> toTarget(bytes));
  }

  /**
   * Credit that comes while the relay is busy is passed on once: a guest may send it without end.
   */
  private void takeCredit(int bytes) {
    credit.addAndGet(bytes);
    postOnce(
        credited,
        () -> {
          credited.set(false);
          if (socket != null) {
            socket.passedOn(bytes);
          }
        });
  }

  private void postOnce(AtomicBoolean posted, Runnable task) {
    if (posted.compareAndSet(false, true)) {
      relay.post(task);
    }
  }

  @Override
  public void lost(Exception reason) {
    postOnce(guestLost, this::drop);
  }

  private void toTarget(byte[] bytes) {
    if (socket != null && !over) {
      socket.take(ByteBuffer.wrap(bytes));
    }
  }

  private void endFromGuest() {
    guestEnded = true;
    if (socket != null) {
      socket.end();
    }
    settleIfOver();
  }

  /** The guest knows nothing of it any more. */
  private void drop() {
    if (!over) {
      settle();
      if (socket != null) {
        socket.abort();
      }
    }
  }

  private void grant(int bytes) {
    granted.addAndGet(bytes);
    shell.sendAtOnce(AgentFrame.credit(id, 0, bytes));
  }

  @Override
  public int room() {
    return over ? 0 : (int) Math.min(credit.get(), Relay.CHUNK);
  }

  @Override
  public void take(ByteBuffer bytes) {
    byte[] payload = new byte[bytes.remaining()];
    bytes.get(payload);
    credit.addAndGet(-payload.length);
    try {
      Deadline deadline = Deadline.in(AS_LONG_AS_IT_TAKES);
      if (!shell.send(AgentFrame.data(id, 0, payload), deadline)) {
        drop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      drop();
    }
  }

  @Override
  public void passedOn(int bytes) {
    owed += bytes;
    if (!over && owed >= WINDOW / 4) {
      grant(owed);
      owed = 0;
    }
  }

  @Override
  public void end() {
    targetEnded = true;
    if (!over) {
      shell.sendAtOnce(AgentFrame.end(id, 0));
      settleIfOver();
    }
  }

  @Override
  public void abort() {
    if (!over) {
      shell.sendAtOnce(AgentFrame.close(id));
      settle();
    }
  }

  private void settleIfOver() {
    if (guestEnded && targetEnded && !over) {
      settle();
    }
  }

  private void settle() {
    over = true;
    shell.forget(id);
    onOver.run();
  }
}
