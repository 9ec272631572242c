package dev.topology.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Where agents come to a coordinator: a port behind which only those are admitted that know a
 * token, each once. Others are sent away, and none of them keeps an agent from coming in: each
 * connection has a thread of its own, and a minute.
 */
public final class AgentGate implements AutoCloseable {

  /** The number of the protocol; both sides must have the same. */
  static final int PROTOCOL = 1;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MOST_STRANGERS = 64;
  private static final long PAUSE_MILLIS = 100;

  private final SSLServerSocket listener;
  private final List<Invitation> invitations = new ArrayList<>();
  private final Map<String, String> machineOf = new LinkedHashMap<>();
  private final BlockingQueue<Optional<Admission>> admitted = new LinkedBlockingQueue<>();
  private final Set<SSLSocket> strangers = ConcurrentHashMap.newKeySet();
  private final String version;
  private final Thread thread = new Thread(this::acceptAll, "agent-gate");

  private AgentGate(SSLServerSocket listener, String version) {
    this.listener = listener;
    this.version = version;
  }

  /**
   * An agent that was admitted.
   *
   * @param machine which it is: {@code m1}
   * @param facts what its machine has
   * @param messages what is said to it, and by it
   */
  record Admission(String machine, MachineFacts facts, MessageStream messages) {}

  /**
   * Listens. Returns at once.
   *
   * @param at where agents reach this host
   * @param agents how many there will be
   * @param version of this program, which theirs must be
   */
  static AgentGate open(InetAddress at, int agents, String version)
      throws IOException, GeneralSecurityException {
    RunCertificate certificate = RunCertificate.make();
    SSLServerSocket listener =
        (SSLServerSocket) certificate.coordinator().getServerSocketFactory().createServerSocket();
    listener.bind(new InetSocketAddress(at, 0));
    AgentGate gate = new AgentGate(listener, version);
    for (int agent = 1; agent <= agents; agent++) {
      String token = Invitation.newToken();
      gate.machineOf.put(token, "m" + agent);
      gate.invitations.add(
          new Invitation(
              at.getHostAddress(), listener.getLocalPort(), certificate.fingerprint(), token));
    }
    gate.thread.setDaemon(true);
    gate.thread.start();
    return gate;
  }

  /** What agents are started with, one each. */
  List<Invitation> invitations() {
    return List.copyOf(invitations);
  }

  /** Waits for the next agent; empty if none comes in time, or this is closed. */
  Optional<Admission> await(Duration limit) throws InterruptedException {
    Optional<Admission> next = admitted.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    return next == null ? Optional.empty() : next;
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        SSLSocket socket = (SSLSocket) listener.accept();
        strangers.add(socket);
        if (strangers.size() > MOST_STRANGERS) {
          dismiss(socket);
        } else {
          Thread door = new Thread(() -> examine(socket), "agent-door-" + socket.getPort());
          door.setDaemon(true);
          door.start();
        }
      } catch (IOException e) {
        // Closed, or the agent has gone already, or no descriptor is left for it.
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void examine(SSLSocket socket) {
    try {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.startHandshake();
      MessageStream messages = new MessageStream(socket);
      ObjectNode hello = messages.expect("hello");
      MachineFacts facts = MachineFacts.readFrom(hello.withObject("/facts"));
      Optional<String> refusal = refusal(hello);
      String machine = refusal.isPresent() ? "" : take(hello.path("token").asText()).orElse("");
      if (machine.isEmpty()) {
        String reason = refusal.orElse("this token is not known, or was used before");
        messages.send(MessageStream.message("refused").put("reason", reason));
        dismiss(socket);
        return;
      }
      messages.trust();
      messages.send(MessageStream.message("welcome").put("machine", machine));
      strangers.remove(socket);
      admitted.add(Optional.of(new Admission(machine, facts, messages)));
    } catch (IOException | RuntimeException e) {
      dismiss(socket);
    }
  }

  private Optional<String> refusal(ObjectNode hello) {
    int theirs = hello.path("protocol").asInt();
    String program = hello.path("version").asText();
    if (theirs != PROTOCOL || !program.equals(version)) {
      return Optional.of(
          "the agent is version "
              + program
              + ", the coordinator "
              + version
              + ": install the same on both");
    }
    return Optional.empty();
  }

  /** The machine of a token, which is worth nothing from now on. */
  private synchronized Optional<String> take(String token) {
    for (Iterator<Map.Entry<String, String>> all = machineOf.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<String, String> each = all.next();
      if (Invitation.isSameToken(each.getKey(), token)) {
        all.remove();
        return Optional.of(each.getValue());
      }
    }
    return Optional.empty();
  }

  private void dismiss(SSLSocket socket) {
    strangers.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** Listens no longer; agents that were admitted stay. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // It listens no longer either way.
    }
    strangers.forEach(this::dismiss);
    admitted.add(Optional.empty());
  }
}
