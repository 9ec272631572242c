package dev.topology.run;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.model.Shaping;
import dev.topology.plan.qemu.Netdev;
import dev.topology.run.cable.CableCounters;
import dev.topology.run.cable.CableHost;
import dev.topology.run.cable.CableShaper;
import dev.topology.run.cable.Capture;
import dev.topology.run.node.RunException.NodeEndedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A cable of a running topology: it can be cut and joined, shaped if it has a shaper, and captured.
 *
 * <p>{@link #cut} and {@link #join} block until both QEMUs have done it, milliseconds usually, and
 * ten seconds at the most; from then on no frame comes through, or every one does again, and the
 * guests see that the carrier is gone or back. Frames that were on their way are lost. They can be
 * interrupted. Thread-safe: one cut or join of a cable at a time.
 */
public final class RunningCable {

  private final Map<String, RunningNode> nodes;
  private final CableHost host;
  private final Consumer<RunEvent> events;
  private final Lock lock = new ReentrantLock();
  private volatile boolean isCut;

  /**
   * @param nodes at least those at its ends, by their names
   * @param events takes what is done to it
   */
  RunningCable(Map<String, RunningNode> nodes, CableHost host, Consumer<RunEvent> events) {
    this.nodes = nodes;
    this.host = host;
    this.events = events;
  }

  /** Whether it is that cable, perhaps as another plan has it. */
  boolean isOf(CableHost other) {
    return host == other;
  }

  /** The name; without one in the file it is {@code left:eth1--right:eth1}. */
  public String name() {
    return cable().name();
  }

  /** What it is in the topology. */
  public Cable cable() {
    return host.cable();
  }

  /** Whether it is cut. */
  public boolean isCut() {
    return isCut;
  }

  /**
   * Cuts it, if it is not cut.
   *
   * @throws NodeEndedException if the node at one of its ends has ended
   */
  public void cut() throws InterruptedException {
    set(false);
  }

  /**
   * Joins it, if it is cut.
   *
   * @throws NodeEndedException if the node at one of its ends has ended
   */
  public void join() throws InterruptedException {
    set(true);
  }

  /** It was cut in the run that this one goes on from; the cards of its nodes know. */
  void noteCut() {
    isCut = true;
    host.setUp(false);
  }

  private void set(boolean up) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      // QEMU tells only the guest of that card; the other guest has to be told by its own.
      for (Endpoint end : cable().endpoints()) {
        Objects.requireNonNull(nodes.get(end.node())).setLink(Netdev.idOf(end.interfaceName()), up);
      }
      host.setUp(up);
      if (isCut == up) {
        isCut = !up;
        events.accept(up ? new RunEvent.CableJoined(name()) : new RunEvent.CableCut(name()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** What its shaper does now; empty for a plain wire. */
  public Optional<Shaping> shaping() {
    return host.shaper().map(CableShaper::shaping);
  }

  /**
   * Changes what its shaper does, from the next frame on and for the frames on their way. Returns
   * at once.
   *
   * @throws IllegalStateException if it is a plain wire: its file has to say {@code shaped: true}
   */
  public void shape(Shaping shaping) {
    CableShaper shaper =
        host.shaper()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "cable \""
                            + name()
                            + "\" is a plain wire, with nothing in between that could shape it:"
                            + " write \"shaped: true\" for it in the file"));
    shaper.shape(shaping);
    events.accept(new RunEvent.CableShaped(name(), shaping));
  }

  /**
   * What has become of the frames on it so far; empty for a plain wire between nodes, where they
   * are not counted.
   */
  public Optional<CableCounters> counters() {
    return host.counters();
  }

  /**
   * Begins to write down what passes it into a file, as pcap. What was in the file is gone. Returns
   * when it has begun; then each frame is in the file a moment later.
   *
   * @throws IOException if the file cannot be written
   * @throws NodeEndedException if it is a plain wire between nodes, and the one at its left end has
   *     ended
   */
  public Capture capture(Path file) throws IOException, InterruptedException {
    return begin(Capture.into(file, name()));
  }

  /**
   * Begins to write down what passes it to a stream, as pcap; in every other respect as {@link
   * #capture(Path)}. The stream is flushed whenever there is something to read, and stays the
   * caller's to close, after the capture.
   *
   * @throws IOException if a pipe to QEMU cannot be made
   * @throws NodeEndedException if it is a plain wire between nodes, and the one at its left end has
   *     ended
   */
  public Capture capture(OutputStream stream) throws IOException, InterruptedException {
    return begin(Capture.into(stream, name()));
  }

  private Capture begin(Capture capture) throws IOException, InterruptedException {
    host.add(capture);
    try {
      if (host.isDumped()) {
        Objects.requireNonNull(nodes.get(cable().left().owner())).dump(host, capture);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      capture.close();
      throw e;
    }
    events.accept(new RunEvent.CaptureBegun(name()));
    capture.onEnd(
        () ->
            events.accept(new RunEvent.CaptureEnded(name(), capture.frames(), capture.dropped())));
    return capture;
  }
}
