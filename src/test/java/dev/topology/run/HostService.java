package dev.topology.run;

import dev.topology.model.GuestService.Target;
import dev.topology.model.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A service of this host, with a thread for each connection. */
final class HostService implements AutoCloseable {

  /** What is done with a connection, which is closed afterwards. */
  interface Conversation {
    void hold(SocketChannel channel) throws Exception;
  }

  private final ServerSocketChannel server;
  private final Conversation conversation;
  private final Queue<SocketChannel> connections = new ConcurrentLinkedQueue<>();

  private HostService(ServerSocketChannel server, Conversation conversation) {
    this.server = server;
    this.conversation = conversation;
    begin(this::accept);
  }

  /** At a free port of an address. */
  static HostService at(String address, Conversation conversation) throws IOException {
    var local = new InetSocketAddress(IpAddress.parse(address).orElseThrow().inet(), 0);
    return new HostService(ServerSocketChannel.open().bind(local, 128), conversation);
  }

  /** At a Unix socket. */
  static HostService at(Path socket, Conversation conversation) throws IOException {
    var local = UnixDomainSocketAddress.of(socket);
    return new HostService(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(local, 128), conversation);
  }

  /** Sends back all that comes, and its end. */
  static void echo(SocketChannel channel) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    while (channel.read(chunk.clear()) >= 0) {
      chunk.flip();
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    }
  }

  Target target() throws IOException {
    return server.getLocalAddress() instanceof InetSocketAddress at
        ? new Target.Tcp(new IpAddress(at.getAddress()).toString(), at.getPort())
        : new Target.UnixSocket(
            ((UnixDomainSocketAddress) server.getLocalAddress()).getPath().toAbsolutePath());
  }

  private void accept() throws IOException {
    while (true) {
      SocketChannel channel = server.accept();
      connections.add(channel);
      begin(
          () -> {
            try (channel) {
              conversation.hold(channel);
            }
          });
    }
  }

  private static void begin(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception over) {
                // It is closed, or the guest has gone.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private interface Task {
    void run() throws Exception;
  }

  /** Ends it and all its connections. */
  @Override
  public void close() throws IOException {
    server.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
  }
}
