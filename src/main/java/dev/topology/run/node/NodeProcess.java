package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.image.initramfs.InitramfsOverlay.AddedFile;
import dev.topology.plan.HostFacts.QemuBinary;
import dev.topology.plan.NodePlan;
import dev.topology.plan.NodePlan.Confinement;
import dev.topology.plan.NodePlan.InitramfsOverlay;
import dev.topology.posix.ChildProcess;
import dev.topology.posix.Descriptor;
import dev.topology.posix.ExitStatus;
import dev.topology.posix.Landlock;
import dev.topology.posix.Reaper;
import dev.topology.posix.Reasons;
import dev.topology.posix.Signal;
import dev.topology.posix.Spawn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One node's QEMU, and the conversations with it.
 *
 * <p>What is said in them goes to {@link NodeSignals}. {@code exited} is signalled last, when all
 * that QEMU and its guest said before has been read, so that the end can be judged from all of it.
 */
public final class NodeProcess implements AutoCloseable {

  /** A descriptor that QEMU inherits, and its number there. */
  public record Inherited(Descriptor descriptor, int number) {}

  private static final int UNKNOWN_STATUS = 255;

  /** All that a QEMU with these arguments asks for: no secret of the user who starts it. */
  private static final String[] ENVIRONMENT = {"LD_LIBRARY_PATH", "TMPDIR", "TZ"};

  /** What files are laid over where a node boots a kernel without an initramfs. */
  private static final Path NOTHING = Path.of("/dev/null");

  private final ChildProcess child;
  private final Conversations conversations;

  private NodeProcess(ChildProcess child, Conversations conversations) {
    this.child = child;
    this.conversations = conversations;
  }

  /**
   * Spawns QEMU, its guest paused, and begins to listen.
   *
   * @param cables the ends of cables that it inherits
   * @throws LaunchException if it cannot be spawned, or a file that it needs cannot be written
   */
  public static NodeProcess spawn(
      QemuBinary qemu, NodeRun run, List<Inherited> cables, Reaper reaper, NodeSignals signals) {
    NodePlan node = run.plan();
    NodePorts ports = run.ports();
    ports.relayed().openOnce();
    node.overlay().ifPresent(NodeProcess::write);
    ChildProcess child =
        start(qemu, node, Stream.concat(ports.inherited().stream(), cables.stream()), reaper);
    ports.handedOver();
    Conversations conversations = Conversations.begin(node, ports, run.hostPorts(), signals);
    var unused =
        child
            .exit()
            .exceptionally(NodeProcess::statusUnknown)
            .thenCompose(status -> conversations.lastBytesRead().thenApply(read -> status))
            .thenAccept(signals::exited);
    return new NodeProcess(child, conversations);
  }

  private static ChildProcess start(
      QemuBinary qemu, NodePlan node, Stream<Inherited> inherited, Reaper reaper) {
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
    for (Inherited end : inherited.toList()) {
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

  /** Writes the initramfs of a node that has {@code files}. */
  private static void write(InitramfsOverlay overlay) {
    List<AddedFile> files =
        overlay.files().stream()
            .map(file -> new AddedFile(file.guestPath(), file.hostPath()))
            .toList();
    try {
      dev.topology.image.initramfs.InitramfsOverlay.write(
          overlay.base().orElse(NOTHING), files, overlay.result());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot lay its files over its initramfs: " + Reasons.of(e),
          "see that the files can be read and that there is room in "
              + overlay.result().getParent(),
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
