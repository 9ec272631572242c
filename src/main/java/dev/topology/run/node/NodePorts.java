package dev.topology.run.node;

import dev.topology.console.ConsoleRecord;
import dev.topology.console.Mark;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.NodeSockets;
import dev.topology.plan.NodeSockets.HostSocket;
import dev.topology.posix.Descriptor;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.Channel.Link;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The host's ends of all that leads to one node, made before its QEMU: what is written before the
 * guest reads is kept.
 */
public final class NodePorts implements AutoCloseable {

  /** A descriptor that QEMU inherits, and its number there. */
  public record Inherited(Descriptor descriptor, int number) {}

  /** Only its last lines are used: nothing waits for text in it. */
  private static final int BOOT_CAPACITY = 0;

  /** How many typed bytes may wait for a guest that does not read them. */
  private static final int MOST_TYPED = 128 * 1024;

  private final NodePlan node;
  private final ConsoleRecord console;
  private final Mark start;
  private final Set<String> unplugged;
  private final RelayedPorts relayed;
  private final SocketStream consoleSocket;
  private final Outlet typed;
  private final Optional<ConsoleRecord> kernelLog;
  private final Optional<SocketStream> kernelSocket;
  private final ConsoleRecord boot;
  private final SocketStream bootSocket;
  private final Optional<SocketStream> state;
  private final SocketStream control;
  private final QmpClient qmp;
  private final ShellLink shell;
  private final AgentLink agent;
  private final Map<String, Link> channels = new LinkedHashMap<>();
  private final List<Inherited> inherited;
  private volatile Runnable onReadyChannel = () -> {};

  private NodePorts(
      NodePlan node,
      Opening opening,
      ConsoleRecord console,
      Optional<ConsoleRecord> kernelLog,
      Set<String> unplugged,
      RelayedPorts relayed)
      throws IOException {
    NodeSockets sockets = node.sockets();
    this.node = node;
    this.unplugged = unplugged;
    this.relayed = relayed;
    this.console = console;
    this.start = console.mark();
    this.consoleSocket = opening.open(sockets.console());
    this.typed = new Outlet("to-console-" + node.name(), consoleSocket, MOST_TYPED);
    this.kernelLog = kernelLog;
    this.kernelSocket =
        sockets.kernelLog().isPresent()
            ? Optional.of(opening.open(sockets.kernelLog().get()))
            : Optional.empty();
    this.boot = new ConsoleRecord(node.name(), BOOT_CAPACITY);
    this.bootSocket = opening.open(sockets.boot());
    this.state =
        sockets.state().isPresent()
            ? Optional.of(opening.open(sockets.state().get()))
            : Optional.empty();
    this.control = opening.open(sockets.control());
    this.qmp = new QmpClient(node.name(), opening.open(sockets.qmp()));
    this.shell = new ShellLink(node.name(), opening.open(sockets.shell()));
    this.agent = new AgentLink(node.name(), opening.open(sockets.agent()));
    for (Map.Entry<String, HostSocket> channel : sockets.channels().entrySet()) {
      String name = channel.getKey();
      channels.put(name, channel(name, opening.open(channel.getValue())));
    }
    this.inherited = opening.inherited;
  }

  /**
   * Those of a node's first QEMU.
   *
   * @throws IOException if descriptors run out; nothing stays open then
   */
  public static NodePorts open(NodePlan node) throws IOException {
    return open(
        node,
        new ConsoleRecord(node.name()),
        node.kernelLog().map(log -> new ConsoleRecord(node.name())),
        ConcurrentHashMap.newKeySet(),
        new RelayedPorts(node));
  }

  /**
   * Those of the node's next QEMU, whose console goes on where that of this one has ended.
   *
   * @param other the plan of that QEMU, which may be another one
   * @throws IOException if descriptors run out; nothing stays open then
   */
  NodePorts renewed(NodePlan other) throws IOException {
    boolean hasSamePorts = other.node().ports().equals(node.node().ports());
    Optional<ConsoleRecord> itsKernelLog =
        other.kernelLog().map(it -> kernelLog.orElseGet(() -> new ConsoleRecord(node.name())));
    NodePorts next =
        open(
            other,
            console,
            itsKernelLog,
            unplugged,
            hasSamePorts ? relayed : new RelayedPorts(other));
    if (!hasSamePorts) {
      relayed.close();
    }
    console.resume();
    kernelLog.ifPresent(ConsoleRecord::resume);
    return next;
  }

  private static NodePorts open(
      NodePlan node,
      ConsoleRecord console,
      Optional<ConsoleRecord> kernelLog,
      Set<String> unplugged,
      RelayedPorts relayed)
      throws IOException {
    Opening opening = new Opening();
    try {
      return new NodePorts(node, opening, console, kernelLog, unplugged, relayed);
    } catch (IOException e) {
      opening.pairs.forEach(SocketPair::close);
      throw e;
    }
  }

  /** Makes the socketpairs to one QEMU. */
  private static final class Opening {

    private final List<SocketPair> pairs = new ArrayList<>();
    private final List<Inherited> inherited = new ArrayList<>();

    SocketStream open(HostSocket socket) throws IOException {
      SocketPair pair =
          socket.purpose().type() == SocketPlan.Type.BUFFERED
              ? SocketPair.bufferedStream()
              : SocketPair.stream();
      // QEMU has the near end of the pair, in the order in which the plan lists the two.
      pairs.add(pair);
      inherited.add(new Inherited(pair.near(), socket.number()));
      return new SocketStream(pair.far());
    }
  }

  /** The ends that QEMU inherits, until {@link #handedOver}. */
  List<Inherited> inherited() {
    return inherited;
  }

  /**
   * Closes this process's copies of what QEMU has inherited: one that is kept would hide the end of
   * file when QEMU ends.
   */
  void handedOver() {
    inherited.forEach(end -> end.descriptor().close());
  }

  private Link channel(String name, SocketStream socket) {
    return new Link(
        node.name(),
        name,
        socket,
        () -> {
          if (readyChannel().filter(name::equals).isPresent()) {
            onReadyChannel.run();
          }
        });
  }

  /**
   * Its guest goes on from where it was saved. To be said before its QEMU is spawned.
   *
   * @param itsUnplugged the interfaces that had no carrier
   * @param lastId the last one that was used with its agent; empty if it had none
   */
  public void restore(Set<String> itsUnplugged, OptionalLong lastId) {
    unplugged.addAll(itsUnplugged);
    lastId.ifPresent(shell::goOnAfter);
  }

  /** The channel whose first byte makes the node ready, if one does. */
  private Optional<String> readyChannel() {
    return node.ready().signal() instanceof Signal.Given given
            && given.condition() instanceof Condition.ChannelByte it
        ? Optional.of(it.channel())
        : Optional.empty();
  }

  /** Runs an action once the guest has written to the channel that makes it ready. */
  void watchReadyChannel(Runnable action) {
    onReadyChannel = action;
    readyChannel().map(channels::get).ifPresent(Link::startOnce);
  }

  /** One of the node's channels, read from now on. */
  public Link channel(String name) {
    Link channel = Objects.requireNonNull(channels.get(name));
    channel.startOnce();
    return channel;
  }

  /** Whether its system is one of its own, and not a guest image's. */
  public boolean isPc() {
    return node.node().pc().isPresent();
  }

  public ConsoleRecord console() {
    return console;
  }

  /** Where on the console the output of this QEMU's guest begins. */
  public Mark start() {
    return start;
  }

  /** Whether this QEMU is the node's first. */
  public boolean isFirst() {
    // Not equals, which Java makes of a record when it is first called: 10 ms in each start.
    return start.position() == 0;
  }

  /**
   * The guest is gone: nothing more can be sent to it, and a thread that waits to do so is woken.
   */
  void hangUp() {
    relayed.disconnect();
    typed.end();
    shell.hangUp();
    channels.values().forEach(channel -> channel.outlet().end());
  }

  SocketStream consoleSocket() {
    return consoleSocket;
  }

  /** The interfaces that have no carrier, as their cables are cut; a restart does not join them. */
  public Set<String> unplugged() {
    return unplugged;
  }

  /** The ports of this host that QEMU cannot listen at; they outlive it, and this. */
  public RelayedPorts relayed() {
    return relayed;
  }

  /** What is typed on the console. */
  Outlet typed() {
    return typed;
  }

  /** What the kernel says, where that is kept apart from the console. */
  public Optional<ConsoleRecord> kernelLog() {
    return kernelLog;
  }

  Optional<SocketStream> kernelSocket() {
    return kernelSocket;
  }

  /** The threads that read from the guest and its QEMU, except those of the consoles. */
  List<Reader> readers() {
    List<Reader> readers = new ArrayList<>(List.of(qmp, shell, agent));
    readers.addAll(channels.values());
    return readers;
  }

  /** What the kernel of this QEMU's guest has said before it had a console. */
  public ConsoleRecord boot() {
    return boot;
  }

  SocketStream bootSocket() {
    return bootSocket;
  }

  /** Where QEMU reads what a clone goes on from. */
  Optional<SocketStream> state() {
    return state;
  }

  SocketStream control() {
    return control;
  }

  public QmpClient qmp() {
    return qmp;
  }

  public ShellLink shell() {
    return shell;
  }

  public AgentLink agent() {
    return agent;
  }

  Map<String, Link> channels() {
    return channels;
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    channels.values().forEach(closing::close);
    closing.close(shell);
    closing.close(agent);
    closing.close(qmp);
    closing.close(control);
    closing.close(bootSocket);
    state.ifPresent(closing::close);
    kernelSocket.ifPresent(closing::close);
    closing.close(consoleSocket);
    closing.close(typed);
    closing.close(this::handedOver);
    // For those whose QEMU was never spawned; the others have ended by now.
    closing.close(() -> console.end("its QEMU is gone", System.nanoTime()));
    kernelLog.ifPresent(log -> closing.close(() -> log.end("its QEMU is gone", System.nanoTime())));
    closing.finish();
  }
}
