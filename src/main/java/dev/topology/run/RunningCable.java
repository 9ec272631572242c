package dev.topology.run;

import dev.topology.model.Cable;
import dev.topology.model.Endpoint;
import dev.topology.qemu.Netdev;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A cable of a running topology, which can be cut and joined.
 *
 * <p>Both calls block until both QEMUs have done it, milliseconds usually, and ten seconds at the
 * most; from then on no frame comes through, or every one does again, and the guests see that the
 * carrier is gone or back. Frames that were on their way are lost. They can be interrupted.
 * Thread-safe: one cut or join of a cable at a time.
 */
public final class RunningCable {

  private final Cable cable;
  private final Map<String, RunningNode> nodes;
  private final Lock lock = new ReentrantLock();
  private volatile boolean isCut;

  RunningCable(Cable cable, Map<String, RunningNode> nodes) {
    this.cable = cable;
    this.nodes = nodes;
  }

  /** The name; without one in the file it is {@code left:eth1--right:eth1}. */
  public String name() {
    return cable.name();
  }

  /** What it is in the topology. */
  public Cable cable() {
    return cable;
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

  private void set(boolean up) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      // What one card is told, the other does not notice.
      set(cable.left(), up);
      set(cable.right(), up);
      isCut = !up;
    } finally {
      lock.unlock();
    }
  }

  private void set(Endpoint end, boolean up) throws InterruptedException {
    Objects.requireNonNull(nodes.get(end.node())).setLink(Netdev.idOf(end.interfaceName()), up);
  }
}
