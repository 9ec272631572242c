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

/**
 * Finds out when something in a guest accepts TCP connections on a port.
 *
 * <p>That QEMU accepts a connection to the forwarded port says nothing: it does so before anything
 * listens in the guest. So a connection is made and QEMU is asked whether the guest has accepted
 * it. QEMU repeats an unanswered request at ever longer intervals, so a new connection is made each
 * time.
 */
final class PortWatch implements AutoCloseable {

  /** Between two attempts; each costs a segment in the guest and a question to QEMU. */
  private static final long INTERVAL_MILLIS = 100;

  private static final int CONNECT_MILLIS = 1000;
  private static final long ANSWER_MILLIS = 1000;

  private final int guestPort;
  private final Supplier<CompletableFuture<UserNetwork>> userNetwork;
  private final Runnable onOpen;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);

  PortWatch(
      String node,
      int guestPort,
      Supplier<CompletableFuture<UserNetwork>> userNetwork,
      Runnable onOpen) {
    this.guestPort = guestPort;
    this.userNetwork = userNetwork;
    this.onOpen = onOpen;
    this.thread = new Thread(this::watch, "port-" + node);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void watch() {
    try {
      do {
        if (isOpen()) {
          onOpen.run();
          return;
        }
      } while (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
    } catch (ExecutionException qemuIsGone) {
      // How it went is told by its exit status.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isOpen() throws ExecutionException, InterruptedException {
    try {
      OptionalInt hostPort = ask().hostPort(forward());
      return hostPort.isPresent() && accepts(hostPort.getAsInt());
    } catch (TimeoutException | IOException notNow) {
      return false;
    }
  }

  private boolean accepts(int hostPort)
      throws IOException, ExecutionException, InterruptedException, TimeoutException {
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress(IpAddress.LOOPBACK.inet(), hostPort), CONNECT_MILLIS);
      return ask().guestAccepted(hostPort, guestPort) || acceptedSoonAfter(hostPort);
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
    Closing.join(thread);
  }
}
