package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client that writes what it likes. */
final class RawClient implements AutoCloseable {

  private final SocketChannel channel;
  private final LineChannel lines;

  RawClient(Path directory) throws IOException {
    try (ControlSocket place = ControlSocket.of(directory)) {
      channel = SocketChannel.open(place.address());
    }
    lines = new LineChannel(channel);
  }

  SocketChannel channel() {
    return channel;
  }

  RawClient send(String line) throws IOException {
    return send((line + "\n").getBytes(UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return this;
  }

  /** The next line. */
  ObjectNode read() throws IOException, ControlException {
    return JsonLine.read(lines.next().orElseThrow());
  }

  boolean isAtEnd() throws IOException, ControlException {
    return lines.next().isEmpty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
