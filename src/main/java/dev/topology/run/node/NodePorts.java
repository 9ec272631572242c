package dev.topology.run.node;

import dev.topology.console.ConsoleRecord;
import dev.topology.console.Mark;
import dev.topology.model.Readiness.Condition;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.ReadyWhen.Signal;
import dev.topology.plan.SocketPlan.Purpose;
import dev.topology.posix.Descriptor;
import dev.topology.posix.SocketStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The host's ends of all that leads to one node, made before its QEMU: what is written is kept
 * until somebody reads it there.
 */
public final class NodePorts implements AutoCloseable {

  /** Nobody waits for text in it: its last lines are what is wanted. */
  private static final int BOOT_CAPACITY = 0;

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
  private final SocketStream control;
  private final QmpClient qmp;
  private final ShellLink shell;
  private final AgentLink agent;
  private final Map<String, ChannelLink> channels = new LinkedHashMap<>();
  private final List<Descriptor> kept;
  private volatile Runnable onReadyChannel = () -> {};

  public NodePorts(NodePlan node, Sockets sockets) {
    this(
        node,
        sockets,
        new ConsoleRecord(node.name()),
        node.kernelLog().map(log -> new ConsoleRecord(node.name())),
        ConcurrentHashMap.newKeySet(),
        new RelayedPorts(node));
  }

  private NodePorts(
      NodePlan node,
      Sockets sockets,
      ConsoleRecord console,
      Optional<ConsoleRecord> kernelLog,
      Set<String> unplugged,
      RelayedPorts relayed) {
    this.node = node;
    this.unplugged = unplugged;
    this.relayed = relayed;
    this.console = console;
    this.start = console.mark();
    this.consoleSocket = take(sockets, Purpose.CONSOLE);
    this.typed = new Outlet("to-console-" + node.name(), consoleSocket);
    this.kernelLog = kernelLog;
    this.kernelSocket = node.kernelLog().map(log -> take(sockets, Purpose.KERNEL_LOG));
    this.boot = new ConsoleRecord(node.name(), BOOT_CAPACITY);
    this.bootSocket = take(sockets, Purpose.BOOT);
    this.control = take(sockets, Purpose.CONTROL);
    this.qmp = new QmpClient(node.name(), take(sockets, Purpose.QMP));
    this.shell = new ShellLink(node.name(), take(sockets, Purpose.SHELL));
    this.agent = new AgentLink(node.name(), take(sockets, Purpose.AGENT));
    for (String name : node.node().channels()) {
      channels.put(name, channel(name, take(sockets, Purpose.CHANNEL)));
    }
    this.kept = sockets.takeOtherHostEnds(node.name());
  }

  /** Those of the node's next QEMU, whose console goes on where that of this one has ended. */
  public NodePorts renewed(Sockets sockets) {
    console.resume();
    kernelLog.ifPresent(ConsoleRecord::resume);
    return new NodePorts(node, sockets, console, kernelLog, unplugged, relayed);
  }

  private SocketStream take(Sockets sockets, Purpose purpose) {
    return new SocketStream(sockets.takeHostEnd(node.name(), purpose));
  }

  private ChannelLink channel(String name, SocketStream socket) {
    return new ChannelLink(
        node.name(),
        name,
        socket,
        () -> {
          if (readyChannel().filter(name::equals).isPresent()) {
            onReadyChannel.run();
          }
        });
  }

  /** The channel whose first byte makes the node ready, if one does. */
  private Optional<String> readyChannel() {
    return node.ready().signal() instanceof Signal.Given given
            && given.condition() instanceof Condition.ChannelByte it
        ? Optional.of(it.channel())
        : Optional.empty();
  }

  /** Has something done once the guest has written to the channel that makes it ready. */
  void watchReadyChannel(Runnable action) {
    onReadyChannel = action;
    readyChannel().map(channels::get).ifPresent(ChannelLink::startOnce);
  }

  /** One of the node's channels, read from now on. */
  public ChannelLink channel(String name) {
    ChannelLink channel = Objects.requireNonNull(channels.get(name));
    channel.startOnce();
    return channel;
  }

  public ConsoleRecord console() {
    return console;
  }

  /** Where on the console the output of this QEMU's guest begins. */
  public Mark start() {
    return start;
  }

  /** The guest is gone: nothing more can be sent to it, and whoever waits to do so is woken. */
  void hangUp() {
    relayed.leadNowhere();
    typed.end();
    shell.sender().end();
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

  /** Those that read what comes from the guest and its QEMU, but for its consoles. */
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

  Map<String, ChannelLink> channels() {
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
    kernelSocket.ifPresent(closing::close);
    closing.close(consoleSocket);
    closing.close(typed);
    kept.forEach(closing::close);
    // For those whose QEMU was never spawned; the others have ended by now.
    closing.close(() -> console.end("its QEMU is gone", System.nanoTime()));
    kernelLog.ifPresent(log -> closing.close(() -> log.end("its QEMU is gone", System.nanoTime())));
    closing.finish();
  }
}
