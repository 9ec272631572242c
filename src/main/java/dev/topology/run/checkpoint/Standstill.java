package dev.topology.run.checkpoint;

import dev.topology.plan.SavedRun;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.run.cable.CableHost;
import dev.topology.run.cable.CableState;
import dev.topology.run.cable.FrameSockets;
import dev.topology.run.cable.FrameSwitch;
import dev.topology.run.cable.HeldCable;
import dev.topology.run.checkpoint.SavedNetwork.SavedNode;
import dev.topology.run.node.Closing;
import dev.topology.run.node.Migration;
import dev.topology.run.node.NodeRun;
import dev.topology.run.node.NodeWaiter;
import dev.topology.run.node.NodeWaiter.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A run that stands still at one moment: every guest is held, and no frame is on its way that is
 * not in hand. Lasts until it is closed; then all goes on as if there had been nothing. Used by one
 * thread.
 *
 * <p>At first the QEMUs are stopped as processes, so that what is on the cables can be taken out of
 * the sockets. Then each in turn runs alone for a moment, until its guest has taken what QEMU had
 * read already, and is held by QEMU: a guest that is held by QEMU loses what QEMU has read for it
 * (net/net.c, qemu_flush_or_purge_queued_packets). What it sends meanwhile is taken out as well.
 */
public final class Standstill implements AutoCloseable {

  /** For an agent to read what it was sent; it does so at once, unless the host is very busy. */
  private static final Duration TO_BE_QUIET = Duration.ofMinutes(1);

  /** Without an agent, that long is waited for one. */
  private static final Duration TO_FIND_AGENT = Duration.ofSeconds(2);

  /** For a guest to take a frame; one whose card is switched off never does. */
  private static final Duration TO_TAKE_FRAME = Duration.ofSeconds(1);

  /** How often QEMU has to answer before it is clear that it does not read a frame. */
  private static final int ANSWERS_TO_READ = 10;

  /** A cable that leads back to its own node may need more than one. */
  private static final int MOST_TURNS = 10;

  private static final Duration FOR_QEMU = Duration.ofMinutes(1);
  private static final Duration TO_SAVE = Duration.ofMinutes(10);
  private static final long PATIENCE_MILLIS = 1;
  private static final String NOBODY = "";

  /** While it is at it, of MigrationStatus in qapi/migration.json. */
  private static final Set<String> SAVING =
      Set.of("setup", "active", "device", "cancelling", "pre-switchover", "wait-unplug");

  private final Map<NodeRun, NodeWaiter> nodes;
  private final List<FrameSwitch> switches;
  private final List<HeldCable> cables = new ArrayList<>();
  private final List<FrameSwitch> heldSwitches = new ArrayList<>();
  private boolean isOver;

  private Standstill(Map<NodeRun, NodeWaiter> nodes, List<FrameSwitch> switches) {
    this.nodes = nodes;
    this.switches = switches;
  }

  /**
   * Brings a run to a standstill. Blocks for some milliseconds a node.
   *
   * @param nodes all of them, which run, and those who wait for what they do
   * @throws IOException in words, if that cannot be done; all goes on then
   */
  public static Standstill of(
      Map<NodeRun, NodeWaiter> nodes, List<CableHost> cables, List<FrameSwitch> switches)
      throws IOException, InterruptedException {
    Standstill still = new Standstill(new LinkedHashMap<>(nodes), switches);
    try {
      still.begin(cables);
      return still;
    } catch (IOException | InterruptedException | RuntimeException e) {
      still.close();
      throw e;
    }
  }

  /**
   * Brings the network of another run to where it stood still. Its guests, once they are loaded, go
   * on right after this is closed.
   *
   * @throws IOException in words, if it was another network
   */
  public static Standstill as(
      SavedNetwork network, List<CableHost> cables, List<FrameSwitch> switches) throws IOException {
    Standstill still = new Standstill(Map.of(), switches);
    try {
      still.holdNetwork(cables);
      for (HeldCable held : still.cables) {
        CableState state = network.cables().get(held.name());
        if (state == null) {
          throw new IOException("there was no cable \"" + held.name() + "\"");
        }
        held.restore(state);
      }
      return still;
    } catch (IOException | RuntimeException e) {
      still.close();
      throw e;
    }
  }

  private void begin(List<CableHost> hosts) throws IOException, InterruptedException {
    quietAgents();
    holdNetwork(hosts);
    for (NodeRun node : nodes.keySet()) {
      node.freeze();
    }
    takeExceptFor(NOBODY);
    for (NodeRun node : nodes.keySet()) {
      hold(node);
    }
    takeExceptFor(NOBODY);
  }

  private void holdNetwork(List<CableHost> hosts) throws IOException {
    for (FrameSwitch each : switches) {
      heldSwitches.add(each);
      each.hold();
    }
    FrameSockets sockets = new FrameSockets();
    for (CableHost host : hosts) {
      cables.add(HeldCable.hold(host, sockets));
    }
  }

  /** What is on its way to an agent would be missing, in the middle of a frame. */
  private void quietAgents() throws IOException, InterruptedException {
    Deadline found = Deadline.in(TO_FIND_AGENT);
    for (NodeRun node : nodes.keySet()) {
      node.ports().shell().startOnce();
    }
    for (NodeRun node : nodes.keySet()) {
      awaitAgent(node, found);
      node.ports().shell().hold();
    }
    Deadline quiet = Deadline.in(TO_BE_QUIET);
    for (NodeRun node : nodes.keySet()) {
      while (!node.ports().shell().isQuiet()) {
        if (hasPassed(quiet)) {
          throw new IOException(node.name() + " does not read what its agent is sent");
        }
        ask(node, QmpCommand.status());
      }
    }
  }

  private static void awaitAgent(NodeRun node, Deadline deadline) throws InterruptedException {
    try {
      node.ports().shell().served().copy().get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException noAgent) {
      // Its image has none.
    }
  }

  private static boolean hasPassed(Deadline deadline) {
    return deadline.left().isZero();
  }

  private void takeExceptFor(String node) throws IOException {
    for (HeldCable cable : cables) {
      cable.takeExceptFor(node);
    }
  }

  private void takeFor(String node) throws IOException {
    for (HeldCable cable : cables) {
      cable.takeFor(node);
    }
  }

  private void plug(String node) throws IOException {
    for (HeldCable cable : cables) {
      cable.plug(node);
    }
  }

  private boolean isReadBy(String node) throws IOException {
    for (HeldCable cable : cables) {
      if (!cable.isReadBy(node)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Has QEMU hold a guest, once that has taken what QEMU had read for it. All other QEMUs stand
   * still, or hold their guests and have a plug to keep.
   */
  private void hold(NodeRun node) throws IOException, InterruptedException {
    String name = node.name();
    plug(name);
    node.thaw();
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      // The plug is read once all before it was taken.
      Deadline deadline = Deadline.in(TO_TAKE_FRAME);
      while (!isReadBy(name) && !hasPassed(deadline)) {
        ask(node, QmpCommand.status());
      }
      ask(node, QmpCommand.hold());
      takeExceptFor(NOBODY);
      plug(name);
      if (readsPlug(node)) {
        return;
      }
      // It has read a frame of its own since it was held, and that is to reach its guest.
      takeFor(name);
      plug(name);
      ask(node, QmpCommand.resume());
    }
    ask(node, QmpCommand.hold());
    takeFor(name);
  }

  private boolean readsPlug(NodeRun node) throws IOException, InterruptedException {
    for (int answer = 0; answer < ANSWERS_TO_READ && !isReadBy(node.name()); answer++) {
      ask(node, QmpCommand.status());
    }
    return isReadBy(node.name());
  }

  /** Asks a QEMU, and takes what is sent to others until it has answered. */
  private QmpMessage.Return ask(NodeRun node, QmpCommand command)
      throws IOException, InterruptedException {
    CompletableFuture<QmpMessage.Return> answer = node.ports().qmp().execute(command);
    while (!answer.isDone() && !node.gone().isDone()) {
      try {
        answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        takeExceptFor(node.name());
      } catch (ExecutionException e) {
        break;
      }
    }
    return await(node, answer, FOR_QEMU, "QEMU had answered " + command.name());
  }

  private <T> T await(NodeRun node, CompletableFuture<T> what, Duration limit, String words)
      throws InterruptedException {
    NodeWaiter waiter = Objects.requireNonNull(nodes.get(node));
    return waiter.await(what, Deadline.in(limit), words);
  }

  /** What is on the cables, and what is known of the nodes. */
  public SavedNetwork network(Set<String> cutCables) {
    Map<String, CableState> states = new LinkedHashMap<>();
    cables.forEach(cable -> states.put(cable.name(), cable.state()));
    Map<String, SavedNode> known = new LinkedHashMap<>();
    for (NodeRun node : nodes.keySet()) {
      var shell = node.ports().shell();
      known.put(
          node.name(),
          new SavedNode(
              shell.served().isDone() ? OptionalLong.of(shell.lastId()) : OptionalLong.empty(),
              node.ports().unplugged()));
    }
    return new SavedNetwork(states, cutCables, known);
  }

  /**
   * Saves the guests of all nodes. Blocks for a fraction of a second a node.
   *
   * @param sockets a directory with a short path
   * @throws IOException in words, if the files cannot be written
   */
  public void save(SavedRun run, Path sockets) throws IOException, InterruptedException {
    Map<NodeRun, CompletableFuture<Void>> saving = new LinkedHashMap<>();
    for (NodeRun node : nodes.keySet()) {
      saving.put(
          node,
          Migration.save(node, sockets.resolve("save-" + saving.size()), run.guest(node.name())));
    }
    boolean done = false;
    try {
      for (Map.Entry<NodeRun, CompletableFuture<Void>> each : saving.entrySet()) {
        NodeWaiter waiter = Objects.requireNonNull(nodes.get(each.getKey()));
        Migration.awaitSaved(waiter, each.getValue(), TO_SAVE);
      }
      done = true;
    } finally {
      if (!done) {
        saving.keySet().forEach(this::giveUpSaving);
      }
    }
  }

  /** QEMU does not let a guest go on before it has given up saving it. */
  private void giveUpSaving(NodeRun node) {
    try {
      CompletableFuture<QmpMessage.Return> answer =
          node.ports().qmp().execute(QmpCommand.cancelSaving());
      Deadline deadline = Deadline.in(FOR_QEMU);
      do {
        answer = answer.thenCompose(it -> node.ports().qmp().execute(QmpCommand.savingStatus()));
      } while (SAVING.contains(answer.join().text("status")) && !hasPassed(deadline));
    } catch (CompletionException gone) {
      // What has become of it is told by the exception that there is.
    }
  }

  /** Lets everything go on. */
  @Override
  public void close() {
    if (isOver) {
      return;
    }
    isOver = true;
    Closing closing = new Closing();
    nodes.keySet().forEach(NodeRun::thaw);
    HeldCable.giveBack(cables);
    for (NodeRun node : nodes.keySet()) {
      var unused = node.ports().qmp().execute(QmpCommand.resume());
    }
    cables.forEach(cable -> closing.close(cable::release));
    heldSwitches.forEach(each -> closing.close(each::release));
    for (NodeRun node : nodes.keySet()) {
      node.ports().shell().release();
      if (node.ports().shell().served().isDone()) {
        var unused = node.ports().shell().setClock();
      }
    }
    closing.finish();
  }
}
