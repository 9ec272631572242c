package dev.topology.run.node;

import dev.topology.model.GuestService;
import dev.topology.model.GuestService.Target;
import dev.topology.plan.NodePlan;
import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.posix.Reasons;
import dev.topology.run.node.RunException.GuestAgentException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes a guest's connections on to services of this host. The agent in the guest listens at the
 * addresses of the services; each connection to one is a stream over the agent's port, and a
 * connection from here to the service's target.
 *
 * <p>There are as many at once as the guest makes, up to {@link #MOST_CONNECTIONS}; each can hold
 * up only itself. The target is only connected to when the guest connects, and where nothing
 * listens there the guest's connection is reset at once.
 */
public final class ServiceRelay implements AutoCloseable {

  /** Connections of one guest at a time; further ones are reset. */
  public static final int MOST_CONNECTIONS = 256;

  private final ShellLink shell;
  private final Consumer<String> warnings;
  private final List<Listener> listeners;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicBoolean toldOfTooMany = new AtomicBoolean();
  private final CompletableFuture<String> broken = new CompletableFuture<>();
  private final String node;
  private volatile @Nullable Relay relay;

  /**
   * One that does nothing until the guest is told to {@linkplain #listen listen}.
   *
   * @param warnings told in a line for people what the guest cannot reach
   */
  public ServiceRelay(NodePlan node, ShellLink shell, Consumer<String> warnings) {
    this.node = node.name();
    this.shell = shell;
    this.warnings = warnings;
    this.listeners = node.services().stream().map(Listener::new).toList();
  }

  /**
   * Has the agent listen for all services, once it is there; once more if the guest restarts.
   *
   * @return completes when it does; exceptionally where that is refused, or QEMU is gone
   */
  public CompletableFuture<Void> listen() {
    if (listeners.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      Relay started = startOnce();
      return CompletableFuture.allOf(
          listeners.stream()
              .map(listener -> listener.listen(started))
              .toArray(CompletableFuture<?>[]::new));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Completes, with the reason, if nothing is passed on any more although the guest goes on. */
  CompletableFuture<String> broken() {
    return broken;
  }

  private Relay startOnce() throws IOException {
    Relay running = relay;
    if (running == null) {
      running = Relay.start(node, broken);
      relay = running;
      shell.startOnce();
    }
    return running;
  }

  @Override
  public void close() {
    Relay running = relay;
    if (running != null) {
      running.close();
    }
  }

  /** What the agent listens at for one service. */
  private final class Listener implements ShellLink.Endpoint {

    private final GuestService service;
    private final AtomicBoolean toldOfRefusal = new AtomicBoolean();
    private @Nullable CompletableFuture<Void> listening;
    private volatile @Nullable Relay on;

    Listener(GuestService service) {
      this.service = service;
    }

    synchronized CompletableFuture<Void> listen(Relay started) {
      boolean isFirst = listening == null;
      CompletableFuture<Void> wanted = new CompletableFuture<>();
      listening = wanted;
      on = started;
      if (isFirst) {
        var unused = shell.served().thenRun(this::ask);
      }
      return wanted;
    }

    /** The guest gives nothing before the target is connected. */
    private void ask() {
      long id = shell.nextId();
      byte[] address = service.guestAddress().inet().getAddress();
      shell.join(id, this);
      shell.sendAtOnce(AgentFrame.listen(id, 0, service.guestPort(), address));
    }

    private synchronized CompletableFuture<Void> listening() {
      return listening == null ? new CompletableFuture<>() : listening;
    }

    @Override
    public void take(AgentFrame frame) {
      switch (frame.type()) {
        case DONE -> listening().complete(null);
        case FAILED -> listening().completeExceptionally(shell.refusal(frame));
        case ACCEPTED -> accepted(frame.payload());
        default -> throw new BadFrameException("for a listener " + frame);
      }
    }

    @Override
    public void lost(Exception reason) {
      if (reason instanceof GuestAgentException) {
        ask();
      } else {
        listening().completeExceptionally(reason);
      }
    }

    private void accepted(byte[] payload) {
      Relay running = on;
      if (payload.length < Integer.BYTES || running == null) {
        throw new BadFrameException("a connection without its id");
      }
      long id = Integer.toUnsignedLong(ByteBuffer.wrap(payload).getInt());
      if (connections.incrementAndGet() > MOST_CONNECTIONS) {
        refuse(id);
        return;
      }
      ServiceConnection connection =
          new ServiceConnection(id, shell, running, connections::decrementAndGet);
      shell.joinAccepted(id, connection);
      connection.open(this::connect, this::refused);
    }

    private void refuse(long id) {
      connections.decrementAndGet();
      shell.joinAccepted(id, this);
      shell.forget(id);
      shell.sendAtOnce(AgentFrame.close(id));
      if (toldOfTooMany.compareAndSet(false, true)) {
        warnings.accept(
            "it has more than "
                + MOST_CONNECTIONS
                + " connections to its services at once; the others are reset (said once)");
      }
    }

    private SocketChannel connect() throws IOException {
      if (service.target() instanceof Target.UnixSocket socket) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        return Relay.connected(
            channel, () -> channel.connect(UnixDomainSocketAddress.of(socket.path())));
      }
      Target.Tcp tcp = (Target.Tcp) service.target();
      IOException first = null;
      for (InetAddress address : InetAddress.getAllByName(tcp.host())) {
        try {
          return Relay.connect(new InetSocketAddress(address, tcp.port()));
        } catch (IOException e) {
          first = first == null ? e : first;
        }
      }
      throw first == null ? new IOException("no address") : first;
    }

    private void refused(IOException reason) {
      if (toldOfRefusal.compareAndSet(false, true)) {
        warnings.accept(
            "cannot connect it to %s for its service %s: %s. Its connections are reset until that is mended (said once)"
                .formatted(service.target(), service.guestEnd(), Reasons.of(reason)));
      }
    }
  }
}
