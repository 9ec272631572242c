package dev.topology.run.node;

import dev.topology.run.node.Relay.End;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A connected stream socket of this host, TCP or Unix, as one end of a connection that is passed
 * on. It is read only while the other end has room, and each direction ends by itself.
 */
final class RelaySocket implements End, Relay.Handler {

  private final Relay relay;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private @Nullable End other;
  private int queued;
  private boolean inputEnded;
  private boolean outputEnds;
  private boolean outputEnded;

  /**
   * An end that owns a connected channel, which is closed with it.
   *
   * @throws IOException if it has broken already; it is closed then
   */
  RelaySocket(Relay relay, SocketChannel channel) throws IOException {
    this.relay = relay;
    this.channel = channel;
    try {
      this.key = relay.watch(channel, this);
      if (isTcp()) {
        // A byte shall not wait until more comes to fill a segment with.
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private boolean isTcp() {
    return channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
  }

  /** Begins to pass on what it reads. */
  void passOnTo(End end) {
    other = end;
    waitForMore();
  }

  @Override
  public void ready() {
    try {
      if (key.isValid() && key.isWritable()) {
        flush();
      }
      if (key.isValid() && key.isReadable()) {
        read();
      }
      waitForMore();
    } catch (IOException broken) {
      abortBoth();
    }
  }

  private void read() throws IOException {
    ByteBuffer chunk = relay.chunk();
    chunk.limit(Math.min(chunk.capacity(), other().room()));
    if (!chunk.hasRemaining()) {
      return;
    }
    int count = channel.read(chunk);
    if (count > 0) {
      other().take(chunk.flip());
    } else if (count < 0) {
      inputEnded = true;
      other().end();
      closeIfOver();
    }
  }

  private End other() {
    if (other == null) {
      throw new IllegalStateException("read before it leads anywhere");
    }
    return other;
  }

  @Override
  public int room() {
    return outputEnds ? 0 : Relay.CHUNK - queued;
  }

  @Override
  public void take(ByteBuffer bytes) {
    if (!key.isValid()) {
      return;
    }
    try {
      int before = bytes.remaining();
      if (waiting.isEmpty()) {
        channel.write(bytes);
      }
      int written = before - bytes.remaining();
      if (bytes.hasRemaining()) {
        queued += bytes.remaining();
        waiting.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
      }
      if (written > 0) {
        other().passedOn(written);
      }
      waitForMore();
    } catch (IOException broken) {
      abortBoth();
    }
  }

  private void flush() throws IOException {
    int before = queued;
    for (ByteBuffer next = waiting.peek(); next != null; next = waiting.peek()) {
      queued -= channel.write(next);
      if (next.hasRemaining()) {
        break;
      }
      waiting.remove();
    }
    if (queued < before) {
      other().passedOn(before - queued);
    }
    endOutputIfDue();
  }

  @Override
  public void end() {
    outputEnds = true;
    try {
      endOutputIfDue();
    } catch (IOException broken) {
      abortBoth();
    }
  }

  private void endOutputIfDue() throws IOException {
    if (outputEnds && !outputEnded && waiting.isEmpty() && channel.isOpen()) {
      outputEnded = true;
      channel.shutdownOutput();
      closeIfOver();
    }
  }

  private void closeIfOver() throws IOException {
    if (inputEnded && outputEnded) {
      channel.close();
    }
  }

  @Override
  public void passedOn(int bytes) {
    waitForMore();
  }

  private void waitForMore() {
    if (key.isValid()) {
      boolean reads = other != null && !inputEnded && other.room() > 0;
      key.interestOps(
          (reads ? SelectionKey.OP_READ : 0) | (waiting.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    }
  }

  private void abortBoth() {
    abort();
    if (other != null) {
      other.abort();
    }
  }

  /** Over TCP, its peer sees a reset and not an end, as it would of the program it meant. */
  @Override
  public void abort() {
    try {
      if (channel.isOpen() && isTcp()) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    } catch (IOException gone) {
      // It was reset by its peer.
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot close a socket", e);
    }
  }
}
