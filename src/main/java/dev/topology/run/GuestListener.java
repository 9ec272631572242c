package dev.topology.run;

import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A TCP port of a guest on which its agent listens for the host, and who has connected to it.
 * Closing it closes the port, and leaves the connections.
 */
final class GuestListener implements ShellLink.Endpoint, AutoCloseable {

  /** More than an agent can have; a guest that says so means no good. */
  private static final int MOST_CONNECTIONS = 1024;

  private static final int ADDRESS_OFFSET = Integer.BYTES + Short.BYTES;
  private static final int PORT_MASK = 0xFFFF;

  private final ShellLink link;
  private final long id;
  private final Consumer<Connection> accepted;
  private final CompletableFuture<Void> listening = new CompletableFuture<>();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  private GuestListener(ShellLink link, Consumer<Connection> accepted) {
    this.link = link;
    this.id = link.nextId();
    this.accepted = accepted;
  }

  /**
   * Has the guest listen; the link has to be served.
   *
   * @param address of the guest's; it need not have it yet
   * @param accepted takes each connection, by the thread that reads from the guest: it must return
   *     at once
   */
  static GuestListener listen(
      ShellLink link, InetAddress address, int port, Consumer<Connection> accepted) {
    GuestListener listener = new GuestListener(link, accepted);
    link.join(listener.id, listener);
    link.sendAtOnce(AgentFrame.listen(listener.id, GuestBytes.WINDOW, port, address.getAddress()));
    return listener;
  }

  /**
   * Completes when it listens; exceptionally with a {@link GuestAgentException} if it cannot, or
   * with an {@link IOException} once QEMU is gone.
   */
  CompletableFuture<Void> listening() {
    return listening;
  }

  @Override
  public void take(AgentFrame frame) {
    switch (frame.type()) {
      case DONE -> listening.complete(null);
      case FAILED -> listening.completeExceptionally(link.refusal(frame));
      case ACCEPTED -> accept(ByteBuffer.wrap(frame.payload()));
      default -> throw new BadFrameException("for a listener, " + frame);
    }
  }

  private void accept(ByteBuffer payload) {
    if (payload.remaining() < ADDRESS_OFFSET || open.size() >= MOST_CONNECTIONS) {
      throw new BadFrameException("a connection too many");
    }
    long connectionId = Integer.toUnsignedLong(payload.getInt());
    int port = payload.getShort() & PORT_MASK;
    byte[] address = new byte[payload.remaining()];
    payload.get(address);
    try {
      InetSocketAddress peer = new InetSocketAddress(InetAddress.getByAddress(address), port);
      Connection connection = new Connection(connectionId, peer);
      open.add(connection);
      link.joinAccepted(connectionId, connection);
      accepted.accept(connection);
    } catch (UnknownHostException e) {
      throw new BadFrameException("an address of " + address.length + " bytes");
    }
  }

  @Override
  public void lost(Exception reason) {
    listening.completeExceptionally(reason);
  }

  @Override
  public void close() {
    link.forget(id);
    link.sendAtOnce(AgentFrame.close(id));
  }

  /**
   * One connection. Each direction ends by itself: {@link #input} at the guest's end, closing
   * {@link #output} is the host's. Thread-safe; each stream is for one thread at a time.
   */
  final class Connection implements ShellLink.Endpoint, AutoCloseable {

    private final long id;
    private final InetSocketAddress peer;
    private final GuestBytes input;
    private final GuestInput output;

    private Connection(long id, InetSocketAddress peer) {
      this.id = id;
      this.peer = peer;
      this.output = new GuestInput(link, id);
      this.input =
          new GuestBytes(link, id, 0, () -> new IllegalStateException("the guest is gone"));
    }

    /** Who has connected, as the guest sees it. */
    InetSocketAddress peer() {
      return peer;
    }

    /** What comes from the guest; fails where the connection broke. */
    InputStream input() {
      return input;
    }

    /** What goes to the guest; closing it is the end of this direction. */
    OutputStream output() {
      return output;
    }

    @Override
    public void take(AgentFrame frame) {
      switch (frame.type()) {
        case DATA -> input.put(frame.payload());
        case END -> input.end();
        case CREDIT -> output.credit(frame.number());
        case STOP -> output.stop();
        case CLOSE -> lost(new IOException("the guest has reset the connection"));
        default -> throw new BadFrameException("for a connection, " + frame);
      }
    }

    @Override
    public void lost(Exception reason) {
      output.stop();
      input.fail(reason);
      forget();
    }

    private void forget() {
      link.forget(id);
      open.remove(this);
    }

    /** Ends it: in order if both directions have ended, otherwise the guest sees a reset. */
    @Override
    public void close() {
      if (!input.ended().isDone() || !output.isOver()) {
        link.sendAtOnce(AgentFrame.close(id));
      }
      lost(new IOException("the connection was closed"));
    }
  }
}
