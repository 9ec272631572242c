package dev.topology.run.node;

import dev.topology.posix.SocketStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One of a node's channels. What the guest writes is read ahead, up to 64 KiB; beyond that only the
 * guest's writer waits: the port of a channel loses nothing, and nothing else is read by its
 * thread.
 */
final class ChannelLink extends Reader {

  private static final int CAPACITY = 64 * 1024;

  private final SocketStream socket;
  private final Runnable onFirstByte;
  private final ByteQueue incoming = new ByteQueue(CAPACITY);
  private final Outlet outlet;

  /**
   * @param onFirstByte called by its own thread once the guest has written something, which then
   *     can be read
   */
  ChannelLink(String node, String name, SocketStream socket, Runnable onFirstByte) {
    super("channel-" + name + "-" + node, socket);
    this.socket = socket;
    this.onFirstByte = onFirstByte;
    this.outlet = new Outlet("to-channel-" + name + "-" + node, socket);
  }

  ByteQueue incoming() {
    return incoming;
  }

  Outlet outlet() {
    return outlet;
  }

  @Override
  void read() throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CAPACITY);
    boolean first = true;
    try {
      while (socket.read(chunk.clear()) >= 0) {
        chunk.flip();
        while (chunk.hasRemaining() && incoming.put(chunk) > 0) {
          first = tell(first);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      incoming.end();
    }
  }

  private boolean tell(boolean first) {
    if (first) {
      onFirstByte.run();
    }
    return false;
  }

  @Override
  public void close() {
    incoming.end();
    super.close();
    outlet.close();
  }
}
