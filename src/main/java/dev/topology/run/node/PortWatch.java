package dev.topology.run.node;

import dev.topology.model.IpAddress;
import dev.topology.model.PortForward;
import dev.topology.model.PortForward.Protocol;
import dev.topology.plan.qemu.UserNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out when something in a guest accepts TCP connections on a port, and what may be asked of
 * it over such a connection.
 *
 * <p>That QEMU accepts a connection to the forwarded port says nothing: it does so before anything
 * listens in the guest. So a connection is made and QEMU is asked whether the guest has accepted
 * it. QEMU repeats an unanswered request at ever longer intervals, so a new connection is made each
 * time.
 */
final class PortWatch implements AutoCloseable {

  /** Between two attempts; each costs a segment in the guest and a question to QEMU. */
  private static final long INTERVAL_MILLIS = 100;

  /** Between two attempts of which the first was accepted: each is work for a server. */
  private static final long CHECK_INTERVAL_MILLIS = 500;

  private static final int CONNECT_MILLIS = 1000;
  private static final long ANSWER_MILLIS = 1000;

  private final int guestPort;
  private final Supplier<CompletableFuture<UserNetwork>> userNetwork;
  private final Check check;
  private final Runnable onOpen;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Socket current;

  /** What is asked over a connection that the guest has accepted. */
  interface Check {

    /** Whether the guest answers as it should. May wait; closing the connection wakes it. */
    boolean passes(Socket accepted);
  }

  PortWatch(
      String node,
      int guestPort,
      Supplier<CompletableFuture<UserNetwork>> userNetwork,
      Check check,
      Runnable onOpen) {
    this.guestPort = guestPort;
    this.userNetwork = userNetwork;
    this.check = check;
    this.onOpen = onOpen;
    this.thread = new Thread(this::watch, "port-" + node);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void watch() {
    try {
      Attempt attempt;
      do {
        attempt = attempt();
        if (attempt == Attempt.PASSED) {
          onOpen.run();
          return;
        }
      } while (!closed.await(attempt.pauseMillis, TimeUnit.MILLISECONDS));
    } catch (ExecutionException qemuIsGone) {
      // How it went is told by its exit status.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How an attempt went, and how long to wait before the next. */
  private enum Attempt {
    NOT_ACCEPTED(INTERVAL_MILLIS),
    ACCEPTED(CHECK_INTERVAL_MILLIS),
    PASSED(0);

    private final long pauseMillis;

    Attempt(long pauseMillis) {
      this.pauseMillis = pauseMillis;
    }
  }

  private Attempt attempt() throws ExecutionException, InterruptedException {
    try {
      OptionalInt hostPort = ask().hostPort(forward());
      return hostPort.isPresent() ? attempt(hostPort.getAsInt()) : Attempt.NOT_ACCEPTED;
    } catch (TimeoutException | IOException notNow) {
      return Attempt.NOT_ACCEPTED;
    }
  }

  private Attempt attempt(int hostPort)
      throws IOException, ExecutionException, InterruptedException, TimeoutException {
    try (Socket probe = new Socket()) {
      current = probe;
      probe.connect(new InetSocketAddress(IpAddress.LOOPBACK.inet(), hostPort), CONNECT_MILLIS);
      if (!ask().guestAccepted(hostPort, guestPort) && !acceptedSoonAfter(hostPort)) {
        return Attempt.NOT_ACCEPTED;
      }
      return check.passes(probe) ? Attempt.PASSED : Attempt.ACCEPTED;
    }
  }

  /** A guest answers within a round trip of about two milliseconds, if it answers. */
  private boolean acceptedSoonAfter(int hostPort)
      throws ExecutionException, InterruptedException, TimeoutException {
    return !closed.await(INTERVAL_MILLIS / 2, TimeUnit.MILLISECONDS)
        && ask().guestAccepted(hostPort, guestPort);
  }

  private UserNetwork ask() throws ExecutionException, InterruptedException, TimeoutException {
    return userNetwork.get().get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The planner gives every node that is watched a forward for the port. */
  private PortForward forward() {
    return new PortForward(Protocol.TCP, guestPort, IpAddress.LOOPBACK, OptionalInt.empty());
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Socket probe = current;
      if (probe != null) {
        probe.close();
      }
    } catch (IOException closedAlready) {
      // Then nothing waits for it.
    }
    Closing.join(thread);
  }
}
