package dev.topology.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An agent's connection to its coordinator, in which each has proved who it is. */
public final class AgentSession implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String machine;
  private final MessageStream messages;
  private volatile boolean lost;

  private AgentSession(String machine, MessageStream messages) {
    this.machine = machine;
    this.messages = messages;
  }

  /** An agent cannot work for its coordinator. The message says why. */
  public static final class AgentException extends Exception {

    private static final long serialVersionUID = 1L;

    AgentException(String message, Throwable cause) {
      super(message, cause);
    }

    AgentException(String message) {
      super(message);
    }
  }

  /**
   * Connects, sees whether that is the coordinator, and only then says the token.
   *
   * @throws AgentException if there is no coordinator, it is another, or it refuses
   */
  static AgentSession open(Invitation invitation, MachineFacts facts, String version)
      throws AgentException {
    String where = invitation.host() + ":" + invitation.port();
    @Nullable SSLSocket socket = null;
    boolean admitted = false;
    try {
      socket =
          (SSLSocket)
              RunCertificate.agent(invitation.fingerprint()).getSocketFactory().createSocket();
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(invitation.address(), (int) PATIENCE.toMillis());
      socket.startHandshake();
      MessageStream messages = new MessageStream(socket);
      ObjectNode hello = MessageStream.message("hello");
      hello.put("protocol", AgentGate.PROTOCOL).put("version", version);
      hello.put("token", invitation.token());
      facts.writeTo(hello.putObject("facts"));
      messages.send(hello);
      ObjectNode answer =
          messages.next().orElseThrow(() -> new IOException("it closed the connection"));
      if (!MessageStream.isKind(answer, "welcome")) {
        throw new AgentException(
            "the coordinator at "
                + where
                + " refuses: "
                + answer.path("reason").asText("no reason"));
      }
      messages.trust();
      admitted = true;
      return new AgentSession(answer.path("machine").asText(), messages);
    } catch (IOException | GeneralSecurityException e) {
      throw new AgentException(
          isOther(e)
              ? "what listens at " + where + " is not the coordinator: its fingerprint is another"
              : "no coordinator at " + where + ": " + e.getMessage(),
          e);
    } finally {
      if (!admitted) {
        close(socket);
      }
    }
  }

  private static void close(@Nullable SSLSocket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // It is of no use any more.
    }
  }

  private static boolean isOther(Exception e) {
    return e instanceof SSLHandshakeException && e.getCause() instanceof CertificateException;
  }

  /** Which machine of the placement this is. */
  public String machine() {
    return machine;
  }

  /** Notes that the coordinator has gone. */
  void lose() {
    lost = true;
  }

  /** Whether the coordinator has gone. */
  boolean isLost() {
    return lost;
  }

  MessageStream messages() {
    return messages;
  }

  @Override
  public void close() {
    messages.close();
  }
}
