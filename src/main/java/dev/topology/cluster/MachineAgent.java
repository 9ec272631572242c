package dev.topology.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.cluster.AgentSession.AgentException;
import dev.topology.cluster.Placement.Crossing;
import dev.topology.cluster.Placer.Machines;
import dev.topology.cluster.Placer.PlacementException;
import dev.topology.image.BuildListener;
import dev.topology.language.load.LoadResult;
import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.launch.Launch;
import dev.topology.launch.Launcher;
import dev.topology.model.CableEnd.Outside.Peer;
import dev.topology.model.Topology;
import dev.topology.run.RunEvent;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * An agent: runs one machine's part of a topology for a coordinator elsewhere, with the code that
 * runs a topology alone. It ends with its coordinator, whichever way that ends, and leaves nothing.
 */
public final class MachineAgent implements AutoCloseable {

  private final AgentSession session;
  private final Launcher launcher;
  private final LinkedBlockingQueue<Optional<ObjectNode>> received = new LinkedBlockingQueue<>();
  private final Thread reader;
  private final Thread worker = Thread.currentThread();

  /** What runs, and whether that is to stop; guarded by this. */
  private @Nullable Launch running;

  private boolean isStopped;

  private MachineAgent(AgentSession session, Launcher launcher) {
    this.session = session;
    this.launcher = launcher;
    this.reader = new Thread(this::read, "agent-reader");
  }

  /**
   * Works for the coordinator of an invitation until that ends. Blocks.
   *
   * @param line the invitation
   * @param version of this program
   * @throws AgentException if there is no such coordinator, or it has gone
   */
  public static void work(String line, Launcher launcher, String version)
      throws AgentException, InterruptedException {
    Invitation invitation =
        Invitation.parse(line)
            .orElseThrow(() -> new AgentException("this is no invitation of a coordinator"));
    AgentSession session = AgentSession.open(invitation, MachineFacts.read(), version);
    try (MachineAgent agent = new MachineAgent(session, launcher)) {
      agent.reader.start();
      agent.carryOut();
    } catch (InterruptedException e) {
      if (session.isLost()) {
        throw gone();
      }
      throw e;
    }
  }

  /** Hands on what the coordinator says; at its end, everything here ends. */
  private void read() {
    try {
      Optional<ObjectNode> next = session.messages().next();
      while (next.isPresent()) {
        if (MessageStream.isKind(next.get(), "stop")) {
          stop();
        }
        received.add(next);
        next = session.messages().next();
      }
    } catch (IOException e) {
      // The same as an end.
    }
    session.lose();
    received.add(Optional.empty());
    stop();
    worker.interrupt();
  }

  private synchronized void stop() {
    isStopped = true;
    if (running != null) {
      running.topology().stop();
    }
  }

  private synchronized void runs(Launch launch) {
    running = launch;
    if (isStopped) {
      launch.topology().stop();
    }
  }

  private void carryOut() throws AgentException, InterruptedException {
    try {
      MachinePart part = tellingWhyNot(take("part"));
      Map<String, Integer> ports = freePorts(part);
      ObjectNode answer = MessageStream.message("ports");
      ports.forEach(answer.putObject("ports")::put);
      session.messages().send(answer);
      ObjectNode start = take("start");
      Map<String, Peer> peers = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> each : start.withObject("/peers").properties()) {
        String host = each.getValue().path("host").asText();
        peers.put(each.getKey(), new Peer(host, each.getValue().path("port").asInt()));
      }
      run(part.topology(ports, peers));
    } catch (IOException e) {
      throw gone();
    }
  }

  private static AgentException gone() {
    return new AgentException("the coordinator has gone");
  }

  private ObjectNode take(String kind) throws AgentException, InterruptedException {
    ObjectNode message = received.take().orElseThrow(MachineAgent::gone);
    if (!MessageStream.isKind(message, kind)) {
      throw new AgentException("the coordinator has stopped before anything ran");
    }
    return message;
  }

  private MachinePart tellingWhyNot(ObjectNode message) throws AgentException, IOException {
    try {
      return part(message);
    } catch (AgentException e) {
      tellFailure(e);
      throw e;
    }
  }

  private void tellFailure(Exception e) throws IOException {
    String reason = String.valueOf(e.getMessage());
    session.messages().send(MessageStream.message("failed").put("reason", reason));
  }

  private MachinePart part(ObjectNode message) throws AgentException {
    Map<String, String> environment = new LinkedHashMap<>();
    message
        .withObject("/environment")
        .properties()
        .forEach(it -> environment.put(it.getKey(), it.getValue().asText()));
    SourceText text = new SourceText(message.path("name").asText(), message.path("text").asText());
    LoadResult result = new TopologyLoader().load(LoadRequest.ofText(text, environment));
    try {
      int machines = message.path("machines").asInt();
      Placement placement =
          Placer.place(
              result.orElseThrow(), new Machines(OptionalInt.of(machines), Optional.empty()));
      return MachinePart.of(placement, session.machine())
          .orElseThrow(() -> new AgentException("the coordinator has nothing for this machine"));
    } catch (PlacementException | LoadResult.InvalidTopologyException e) {
      throw new AgentException("the coordinator's file cannot be divided here", e);
    }
  }

  /** A free port for each cable to another machine. */
  private static Map<String, Integer> freePorts(MachinePart part) throws IOException {
    Map<String, Integer> ports = new LinkedHashMap<>();
    Map<DatagramSocket, String> held = new LinkedHashMap<>();
    try {
      for (Crossing crossing : part.crossings()) {
        DatagramSocket socket = new DatagramSocket();
        held.put(socket, crossing.cable().name());
        ports.put(crossing.cable().name(), socket.getLocalPort());
      }
    } finally {
      held.keySet().forEach(DatagramSocket::close);
    }
    return ports;
  }

  private void run(Topology topology) throws IOException, InterruptedException {
    Reports reports = new Reports(session.messages());
    @Nullable Launch launch = null;
    try {
      var plan = launcher.prepare(topology, new BuildListener() {}).plan().asPart();
      launch = Launch.start(plan, reports);
      runs(launch);
      reports.ended(launch.topology().awaitOutcome());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      tellFailure(e);
    } finally {
      if (launch != null) {
        launch.discardFiles();
        launch.close();
      }
    }
  }

  /** Reports to the coordinator what happens to nodes. */
  private static final class Reports implements RunListener {

    private final MessageStream messages;

    Reports(MessageStream messages) {
      this.messages = messages;
    }

    @Override
    public void happened(RunEvent event) {
      if (event instanceof RunEvent.NodeReady ready) {
        node(ready.node(), "ready", "after " + ready.after().toMillis() + " ms");
      } else if (event instanceof RunEvent.NodeEnded ended) {
        NodeOutcome outcome = ended.outcome();
        boolean failed = outcome instanceof NodeOutcome.Failed;
        String how =
            failed
                ? ((NodeOutcome.Failed) outcome).cause().describe()
                : "after " + ended.after().toMillis() + " ms";
        String state =
            failed ? "failed" : outcome instanceof NodeOutcome.Stopped ? "stopped" : "done";
        node(ended.node(), state, how);
      }
    }

    private void node(String node, String state, String detail) {
      send(
          MessageStream.message("node")
              .put("node", node)
              .put("state", state)
              .put("detail", detail));
    }

    void ended(TopologyOutcome outcome) {
      send(MessageStream.message("ended").put("failed", outcome instanceof TopologyOutcome.Failed));
    }

    private void send(ObjectNode message) {
      try {
        messages.send(message);
      } catch (IOException e) {
        // The reader sees the same, and ends the run.
      }
    }
  }

  @Override
  public void close() {
    session.close();
    boolean interrupted = Thread.interrupted();
    try {
      reader.join();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
