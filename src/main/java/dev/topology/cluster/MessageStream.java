package dev.topology.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.text.JsonTree;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * Messages between a coordinator and an agent: JSON objects over TLS, each on a line of its own,
 * with its kind under {@code say}. One thread may read; any may write.
 */
final class MessageStream implements AutoCloseable {

  /** The key of a message's kind. */
  static final String KIND = "say";

  /** Until the other side has proved itself. */
  static final int LONGEST_OF_STRANGER = 64 * 1024;

  /** A topology file of 10,000 nodes has some hundred KiB. */
  static final int LONGEST = 64 * 1024 * 1024;

  private final SSLSocket socket;
  private final InputStream in;
  private volatile int longest = LONGEST_OF_STRANGER;

  /**
   * @param socket connected; closed with this
   */
  MessageStream(SSLSocket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** A message without anything but its kind. */
  static ObjectNode message(String kind) {
    return JsonNodeFactory.instance.objectNode().put(KIND, kind);
  }

  /** Whether a message is of one kind. */
  static boolean isKind(ObjectNode message, String kind) {
    return message.path(KIND).asText().equals(kind);
  }

  /** From now on the other side is known, and may take as long as it likes. */
  void trust() throws IOException {
    longest = LONGEST;
    socket.setSoTimeout(0);
  }

  InetAddress peer() {
    return socket.getInetAddress();
  }

  /** Writes a message; blocks as long as the other side does not read. */
  void send(ObjectNode message) throws IOException {
    byte[] line = (JsonTree.write(message) + "\n").getBytes(UTF_8);
    synchronized (this) {
      socket.getOutputStream().write(line);
      socket.getOutputStream().flush();
    }
  }

  /**
   * Waits for the next message; empty at the end.
   *
   * @throws IOException if the connection is lost, or what came is no message
   */
  Optional<ObjectNode> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      if (line.size() >= longest) {
        throw new IOException("a message of more than " + longest + " bytes");
      }
      line.write(next);
      next = in.read();
    }
    return next < 0 ? Optional.empty() : Optional.of(parse(line.toString(UTF_8)));
  }

  private static ObjectNode parse(String line) throws IOException {
    try {
      return JsonTree.readObject(line)
          .filter(it -> it.path(KIND).isTextual())
          .orElseThrow(() -> new IOException("a line that is no message"));
    } catch (JsonProcessingException e) {
      throw new IOException("a line that is no message", e);
    }
  }

  /** Waits for a message of one kind, after which nothing else can come. */
  ObjectNode expect(String kind) throws IOException {
    ObjectNode message = next().orElseThrow(() -> new IOException("the other side has gone"));
    if (!isKind(message, kind)) {
      throw new IOException(
          "\"" + message.path(KIND).asText() + "\" where \"" + kind + "\" should be");
    }
    return message;
  }

  /** Closes the connection. Does not block. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing of it is needed any more.
    }
  }
}
