package dev.topology.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What goes to a peer: whole lines, one after the other. Thread-safe. */
final class Outgoing {

  private final WritableByteChannel channel;

  Outgoing(WritableByteChannel channel) {
    this.channel = channel;
  }

  /** Writes a line; blocks as long as the peer does not read. */
  synchronized void send(ObjectNode json) throws IOException {
    ByteBuffer line = ByteBuffer.wrap(JsonLine.write(json));
    while (line.hasRemaining()) {
      channel.write(line);
    }
  }
}
