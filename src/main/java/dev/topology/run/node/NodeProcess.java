package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.plan.Confinement;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.NodePlan;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Landlock;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.posix.Signal;
import dev.topology.posix.Spawn;
import java.io.IOException;
import java.util.List;

/**
 * One node's QEMU, and the conversations with it.
 *
 * <p>What is said in them goes to {@link NodeSignals}. {@code exited} is signalled last, when all
 * that QEMU and its guest said before has been read, so that whoever judges the end knows it all.
 */
public final class NodeProcess implements AutoCloseable {

  private static final int UNKNOWN_STATUS = 255;

  /** All that a QEMU with these arguments asks for: no secret of whoever starts it. */
  private static final String[] ENVIRONMENT = {"LD_LIBRARY_PATH", "TMPDIR", "TZ"};

  private final ChildProcess child;
  private final Conversations conversations;

  private NodeProcess(ChildProcess child, Conversations conversations) {
    this.child = child;
    this.conversations = conversations;
  }

  /**
   * Spawns QEMU, its guest paused, and begins to listen.
   *
   * @throws LaunchException if it cannot be spawned, or a file that it needs cannot be written
   */
  public static NodeProcess spawn(
      QemuBinary qemu,
      NodePlan node,
      Sockets sockets,
      Reaper reaper,
      NodePorts ports,
      List<HostPort> formerHostPorts,
      NodeSignals signals) {
    ports.relayed().openOnce();
    node.overlay().ifPresent(Overlay::write);
    ChildProcess child = start(qemu, node, sockets, reaper);
    sockets.handedTo(node.name());
    Conversations conversations = Conversations.begin(node, ports, formerHostPorts, signals);
    var unused =
        child
            .exit()
            .exceptionally(NodeProcess::statusUnknown)
            .thenCompose(status -> conversations.lastBytesRead().thenApply(read -> status))
            .thenAccept(signals::exited);
    return new NodeProcess(child, conversations);
  }

  private static ChildProcess start(
      QemuBinary qemu, NodePlan node, Sockets sockets, Reaper reaper) {
    Spawn spawn =
        Spawn.of(qemu.path())
            .named(node.name())
            .arguments(node.arguments())
            .keepingOfEnvironment(ENVIRONMENT)
            .guardedBy(reaper);
    if (node.confinement().isPresent()) {
      Confinement own = node.confinement().get();
      spawn = spawn.confinedTo(new Landlock(own.reads(), own.writes(), own.connects()));
    }
    for (Sockets.Inherited end : sockets.endsFor(node.name())) {
      spawn = spawn.inherit(end.descriptor(), end.number());
    }
    try {
      return spawn.start();
    } catch (IOException e) {
      throw new LaunchException(
          "cannot run " + qemu.path() + ": " + Reasons.of(e),
          Reasons.remedy(e, "see what \"topology doctor\" says about QEMU"),
          e);
    }
  }

  /** Something else in this JVM collected it: it has ended, and nobody knows how. */
  private static ExitStatus statusUnknown(Throwable lost) {
    return new ExitStatus.Exited(UNKNOWN_STATUS);
  }

  /** Lets the guest run. */
  public void resume() {
    conversations.resume();
  }

  /** Sends QEMU a signal, unless it has ended. */
  public void signal(Signal signal) {
    child.signal(signal);
  }

  /** Its number, which may be another process's once it has ended. */
  public long pid() {
    return child.pid();
  }

  /** What QEMU wrote to standard output and error. */
  public GuestText stderr() {
    return GuestText.lines(child.output());
  }

  @Override
  public void close() {
    conversations.close();
  }
}
