package dev.topology.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.cluster.AgentGate.Admission;
import dev.topology.cluster.Placement.Crossing;
import dev.topology.run.TopologyOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A topology that agents on several machines run, seen from the coordinator. One thread runs it;
 * {@link #stop} may be called by any. The first failure anywhere, and the loss of an agent, ends it
 * everywhere.
 */
public final class DividedRun implements AutoCloseable {

  private static final Duration TO_STOP = Duration.ofMinutes(1);

  /** What somebody said, or that it has gone. */
  private record Said(String machine, Optional<ObjectNode> message) {}

  private final Placement placement;
  private final Source source;
  private final Listener listener;
  private final AgentGate gate;
  private final Map<String, Admission> agents = new LinkedHashMap<>();
  private final BlockingQueue<Said> said = new LinkedBlockingQueue<>();
  private final Set<String> done = new HashSet<>();
  private final Set<String> gone = new HashSet<>();
  private Optional<String> failure = Optional.empty();
  private volatile boolean isStopped;

  private DividedRun(Placement placement, Source source, Listener listener, AgentGate gate) {
    this.placement = placement;
    this.source = source;
    this.listener = listener;
    this.gate = gate;
  }

  /**
   * The text of the file, which agents load anew: the same text gives the same topology, and the
   * same placement, everywhere.
   *
   * @param name as in diagnostics
   * @param environment values of its variables
   * @param machines that it is divided over
   */
  public record Source(String name, String text, Map<String, String> environment, int machines) {}

  /** Hears what happens, on the thread that runs it. */
  public interface Listener {

    /** An agent is there. */
    void arrived(String machine, MachineFacts facts);

    /** A node became ready, done, stopped or failed. */
    void node(String machine, String node, String state, String detail);
  }

  /**
   * Begins to listen for agents.
   *
   * @param at where they reach this host
   */
  public static DividedRun open(
      Placement placement, Source source, InetAddress at, String version, Listener listener)
      throws IOException, GeneralSecurityException {
    AgentGate gate = AgentGate.open(at, placement.machines().size(), version);
    return new DividedRun(placement, source, listener, gate);
  }

  /** What the agents are to be started with, one each: lines that are nobody else's business. */
  public List<String> invitations() {
    return gate.invitations().stream().map(Invitation::line).toList();
  }

  /**
   * Runs the topology until its tasks are done, something fails, or it is stopped.
   *
   * @param limit for all agents to arrive
   * @return what failed, in words; empty if all tasks are done, or it was stopped
   */
  public Optional<String> carryOut(Duration limit) throws InterruptedException {
    try {
      for (int agent = 0; agent < placement.machines().size(); agent++) {
        Optional<Admission> next = gate.await(limit);
        if (next.isEmpty() && isStopped) {
          return Optional.empty();
        }
        if (next.isEmpty()) {
          return Optional.of(
              "only %d of %d agents came".formatted(agent, placement.machines().size()));
        }
        admit(next.get());
      }
      sendParts();
      begin(awaitPorts());
      awaitEnd();
    } catch (IOException e) {
      fail("an agent was lost: " + e.getMessage());
    }
    endAll();
    return failure;
  }

  private void admit(Admission agent) {
    agents.put(agent.machine(), agent);
    listener.arrived(agent.machine(), agent.facts());
    Thread reader = new Thread(() -> read(agent), "agent-of-" + agent.machine());
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Admission agent) {
    try {
      Optional<ObjectNode> next = agent.messages().next();
      while (next.isPresent()) {
        said.add(new Said(agent.machine(), next));
        next = agent.messages().next();
      }
    } catch (IOException e) {
      // The same as an end.
    }
    said.add(new Said(agent.machine(), Optional.empty()));
  }

  private void sendParts() throws IOException {
    for (Admission agent : agents.values()) {
      ObjectNode part = MessageStream.message("part");
      part.put("name", source.name()).put("text", source.text());
      part.put("machines", source.machines());
      source.environment().forEach(part.putObject("environment")::put);
      agent.messages().send(part);
    }
  }

  /** The ports of each machine, by cable. */
  private Map<String, ObjectNode> awaitPorts() throws IOException, InterruptedException {
    Map<String, ObjectNode> ports = new HashMap<>();
    while (ports.size() < agents.size() && failure.isEmpty()) {
      Said next = said.take();
      if (next.message().filter(it -> MessageStream.isKind(it, "ports")).isPresent()) {
        ports.put(next.machine(), next.message().get());
      } else {
        hear(next);
      }
    }
    return ports;
  }

  private void begin(Map<String, ObjectNode> ports) throws IOException {
    for (Admission agent : agents.values()) {
      if (failure.isEmpty()) {
        ObjectNode start = MessageStream.message("start");
        ObjectNode peers = start.putObject("peers");
        for (Crossing crossing : placement.crossings()) {
          if (crossing.left().equals(agent.machine())) {
            putEnd(peers, crossing, crossing.right(), ports);
          } else if (crossing.right().equals(agent.machine())) {
            putEnd(peers, crossing, crossing.left(), ports);
          }
        }
        agent.messages().send(start);
      }
    }
  }

  /** Where the end of a cable is that another machine has. */
  private void putEnd(
      ObjectNode peers, Crossing crossing, String machine, Map<String, ObjectNode> ports) {
    String cable = crossing.cable().name();
    Admission other = Objects.requireNonNull(agents.get(machine));
    int port = Objects.requireNonNull(ports.get(machine)).path("ports").path(cable).asInt();
    peers.putObject(cable).put("host", other.messages().peer().getHostAddress()).put("port", port);
  }

  private void awaitEnd() throws InterruptedException {
    List<String> tasks = TopologyOutcome.Done.tasks(placement.topology());
    while (failure.isEmpty() && gone.isEmpty() && (tasks.isEmpty() || !done.containsAll(tasks))) {
      hear(said.take());
    }
  }

  private void hear(Said next) {
    String machine = next.machine();
    if (machine.isEmpty()) {
      gone.add(machine);
      return;
    }
    if (next.message().isEmpty()) {
      if (gone.add(machine)) {
        fail(machine + " was lost");
      }
      return;
    }
    ObjectNode message = next.message().get();
    if (MessageStream.isKind(message, "node")) {
      String node = message.path("node").asText();
      String state = message.path("state").asText();
      String detail = message.path("detail").asText();
      listener.node(machine, node, state, detail);
      if (state.equals("done")) {
        done.add(node);
      } else if (state.equals("failed")) {
        fail(machine + " │ " + node + " failed: " + detail);
      }
    } else if (MessageStream.isKind(message, "failed")) {
      fail(machine + " cannot run its part: " + message.path("reason").asText());
      gone.add(machine);
    } else if (MessageStream.isKind(message, "ended")) {
      gone.add(machine);
    }
  }

  /** The first failure counts. */
  private void fail(String what) {
    failure = failure.or(() -> Optional.of(what));
  }

  /** Ends it. Returns at once. */
  public void stop() {
    isStopped = true;
    gate.close();
    said.add(new Said("", Optional.empty()));
  }

  /** Stops all agents, and waits until they have reported that nothing is left. */
  private void endAll() throws InterruptedException {
    for (Admission agent : agents.values()) {
      try {
        agent.messages().send(MessageStream.message("stop"));
      } catch (IOException e) {
        gone.add(agent.machine());
      }
    }
    long deadline = System.nanoTime() + TO_STOP.toNanos();
    while (!gone.containsAll(agents.keySet())) {
      Said next = said.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        List<String> left = new ArrayList<>(agents.keySet());
        left.removeAll(gone);
        fail("no word that nothing is left on " + String.join(", ", left));
        return;
      }
      hear(next);
    }
  }

  /** Leaves the agents, which end then, if they have not. */
  @Override
  public void close() {
    gate.close();
    agents.values().forEach(it -> it.messages().close());
  }
}
