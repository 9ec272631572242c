package dev.topology.run.node;

import dev.topology.model.IpAddress;
import dev.topology.model.PortForward;
import dev.topology.plan.NodePlan;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ports of IPv6 addresses of this host that lead into one node, which QEMU cannot listen at. A
 * connection is passed on to a port of 127.0.0.1 at which QEMU does. They are bound before the
 * node's first QEMU and until the run ends, so that their numbers stay the same through restarts;
 * while there is no QEMU, connections are reset.
 */
final class RelayedPorts implements AutoCloseable {

  private static final long RETRY_MILLIS = 100;

  private final NodePlan node;
  private final List<Listener> listeners = new ArrayList<>();
  private final CompletableFuture<String> broken = new CompletableFuture<>();
  private @Nullable Relay relay;

  RelayedPorts(NodePlan node) {
    this.node = node;
  }

  /**
   * Begins to listen, if it has not.
   *
   * @throws LaunchException if a port cannot be had
   */
  void openOnce() {
    if (relay != null) {
      return;
    }
    try {
      for (PortForward forward : node.node().ports()) {
        if (forward.isRelayed()) {
          listeners.add(listen(forward));
        }
      }
    } catch (LaunchException e) {
      close();
      throw e;
    }
  }

  private Listener listen(PortForward forward) {
    InetSocketAddress wanted =
        new InetSocketAddress(forward.hostAddress().inet(), forward.hostPort().orElse(0));
    try {
      Relay started = relayOnce();
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET6);
      try {
        channel.bind(wanted);
        int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        return new Listener(started, channel, forward, port);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | UnsupportedOperationException e) {
      throw notToBeHad(forward, e);
    }
  }

  private static LaunchException notToBeHad(PortForward forward, Exception reason) {
    String address = forward.hostAddress().beforePort();
    if (forward.hostPort().isPresent() && reason instanceof BindException) {
      int port = forward.hostPort().getAsInt();
      var cause = PortHolder.refused(forward.protocol(), address, port);
      return new LaunchException(cause.reason(), cause.remedy().orElseThrow(), reason);
    }
    return new LaunchException(
        "cannot listen at " + address + ": " + reason.getMessage(),
        "see with \"ip -6 addr\" whether this host has that address, or take an IPv4 one",
        reason);
  }

  /** Completes, with the reason, if nothing is passed on any more although the run goes on. */
  CompletableFuture<String> broken() {
    return broken;
  }

  private Relay relayOnce() throws IOException {
    if (relay == null) {
      relay = Relay.start(node.name(), broken);
    }
    return relay;
  }

  /** Connects a port to the one that QEMU listens at now; returns the port of the host. */
  HostPort relayTo(PortForward forward, int qemuPort) {
    Listener listener =
        listeners.stream().filter(it -> it.forward.equals(forward)).findFirst().orElseThrow();
    listener.qemuPort = qemuPort;
    return new HostPort(
        node.name(), forward.protocol(), forward.guestPort(), forward.hostAddress(), listener.port);
  }

  /** QEMU is gone; its ports may be another program's soon. */
  void disconnect() {
    listeners.forEach(listener -> listener.qemuPort = 0);
  }

  @Override
  public void close() {
    if (relay != null) {
      relay.close();
      relay = null;
    }
    listeners.clear();
  }

  /** A port of this host, and where QEMU is to be found now. */
  private static final class Listener implements Relay.Handler {

    private final Relay relay;
    private final ServerSocketChannel channel;
    private final PortForward forward;
    private final int port;
    private final SelectionKey key;
    private volatile int qemuPort;

    Listener(Relay relay, ServerSocketChannel channel, PortForward forward, int port)
        throws IOException {
      this.relay = relay;
      this.channel = channel;
      this.forward = forward;
      this.port = port;
      this.key = relay.watch(channel, this);
      relay.post(this::acceptMore);
    }

    @Override
    public void ready() {
      try {
        SocketChannel accepted = channel.accept();
        if (accepted != null) {
          passOn(new RelaySocket(relay, accepted));
        }
      } catch (IOException outOfDescriptors) {
        key.interestOps(0);
        CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS)
            .execute(() -> relay.post(this::acceptMore));
      }
    }

    private void acceptMore() {
      if (key.isValid()) {
        key.interestOps(SelectionKey.OP_ACCEPT);
      }
    }

    private void passOn(RelaySocket outside) {
      int inside = qemuPort;
      if (inside == 0) {
        outside.abort();
        return;
      }
      relay.connect(
          () -> Relay.connect(new InetSocketAddress(IpAddress.LOOPBACK.inet(), inside)),
          it -> join(outside, it),
          refused -> outside.abort());
    }

    private void join(RelaySocket outside, SocketChannel channel) {
      try {
        RelaySocket inside = new RelaySocket(relay, channel);
        inside.passOnTo(outside);
        outside.passOnTo(inside);
      } catch (IOException gone) {
        outside.abort();
      }
    }
  }
}
