package dev.topology.run.node;

import dev.topology.plan.qemu.QmpCommand;
import dev.topology.posix.SocketStream;

/**
 * The monitor of a QEMU that a test has started by itself, with the watch over the guest's timer
 * that every node of a run has: without it, one boot in fifty stands still on a busy host.
 */
public final class WatchedMonitor implements AutoCloseable {

  private final QmpClient qmp;

  private WatchedMonitor(QmpClient qmp) {
    this.qmp = qmp;
  }

  /** Watches over a guest that runs already. Owns the socket. */
  public static WatchedMonitor over(SocketStream monitor) {
    QmpClient qmp = new QmpClient("test-guest", monitor);
    qmp.startOnce();
    var unused = qmp.execute(QmpCommand.capabilities());
    new TimerWatch(qmp, System.err::println).start();
    return new WatchedMonitor(qmp);
  }

  @Override
  public void close() {
    qmp.close();
  }
}
