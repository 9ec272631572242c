package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/**
 * A client that writes what it likes. It is independent of the program's own sockets: it speaks to
 * the control socket through jnr-unixsocket.
 */
final class RawClient implements AutoCloseable {

  private final UnixSocketChannel channel;
  private final JsonLines lines;

  RawClient(Path directory) throws IOException {
    try (ControlSocket place = ControlSocket.of(directory)) {
      channel = UnixSocketChannel.open(new UnixSocketAddress(place.address().getPath().toFile()));
    }
    lines = new JsonLines(channel);
  }

  UnixSocketChannel channel() {
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
    return lines.next().orElseThrow();
  }

  boolean isAtEnd() throws IOException, ControlException {
    return lines.next().isEmpty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
