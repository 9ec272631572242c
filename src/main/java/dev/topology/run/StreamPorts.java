package dev.topology.run;

import dev.topology.guest.ExecRequest;
import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import dev.topology.qemu.Device;
import dev.topology.qemu.QmpCommand;
import dev.topology.qemu.QmpMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ports that are plugged into a guest while it runs, for what its commands read and write.
 *
 * <p>A port of its own holds up nobody but its own reader and writer, and carries anything. They
 * are few, so whoever wants one may have to wait for another's command to end. A number is free
 * again when QEMU says that the port is gone, and is the next to be used: Linux gives each number 4
 * MiB to receive into (1024 pages, all that virtio over MMIO lets a queue have) when it is first
 * plugged in, and never takes them back. Thread-safe.
 */
final class StreamPorts implements AutoCloseable {

  private static final String GONE = "DEVICE_DELETED";
  private static final long RETRY_MILLIS = 50;
  private static final int MOST_RETRIES = 40;

  private final QmpClient qmp;
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Map<String, StreamPort> plugged = new ConcurrentHashMap<>();
  private final Set<Integer> used = ConcurrentHashMap.newKeySet();
  private final ReentrantLock plugging = new ReentrantLock();
  private boolean ended;

  StreamPorts(int firstNumber, QmpClient qmp) {
    this.qmp = qmp;
    for (int i = 0; i < Device.PLUGGABLE_PORTS; i++) {
      free.add(firstNumber + i);
    }
    qmp.onEvent(this::happened);
  }

  /**
   * Waits for free numbers, which are the caller's then, to plug in one by one.
   *
   * @return nothing if there are none in time, or the guest is gone
   */
  synchronized List<Integer> take(int count, Deadline deadline) throws InterruptedException {
    while (free.size() < count && !ended && !deadline.left().isZero()) {
      TimeUnit.NANOSECONDS.timedWait(this, deadline.left().toNanos());
    }
    if (free.size() < count || ended) {
      return List.of();
    }
    List<Integer> taken = new ArrayList<>();
    while (taken.size() < count) {
      taken.add(free.remove());
    }
    return taken;
  }

  /** Whether the guest has to take memory for some of these numbers. */
  synchronized boolean areNew(List<Integer> numbers) {
    return !used.containsAll(numbers);
  }

  /**
   * Held by who has ports plugged in, until the guest has opened them: QEMU drops what it has to
   * say of ports where the guest is behind by more than 32 messages (send_control_msg in
   * hw/char/virtio-serial-bus.c), and a port that the guest never hears of hangs. Besides,
   * another's ports must be in what the guest says of its memory.
   */
  ReentrantLock plugging() {
    return plugging;
  }

  /**
   * Has a port plugged in, under a number that was taken.
   *
   * @throws LaunchException where descriptors run out; the number stays the caller's
   */
  StreamPort plug(long commandId, int number) {
    String id = "stream-" + commandId + "-" + number;
    try {
      SocketPair pair = SocketPair.stream();
      StreamPort port =
          new StreamPort(
              id, number, new SocketStream(pair.near()), ask(id, pair, commandId, number));
      plugged.put(id, port);
      used.add(number);
      return port;
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make a socket for a command: " + Reasons.of(e),
          "allow more open files (ulimit -n)",
          e);
    }
  }

  private CompletableFuture<Void> ask(String id, SocketPair pair, long commandId, int number) {
    var named = qmp.execute(QmpCommand.nameDescriptor(id), pair.far());
    pair.far().close();
    var added = qmp.execute(QmpCommand.addSocket(id, id));
    var plug =
        qmp.execute(QmpCommand.addPort(id, id, number, ExecRequest.portName(commandId, number)));
    return CompletableFuture.allOf(named, added, plug);
  }

  /** Has a port unplugged, whoever still uses it in the guest. */
  void unplug(StreamPort port) {
    port.close();
    if (port.plugged().isCompletedExceptionally()) {
      plugged.remove(port.id());
      release(port.number());
    } else {
      var unused = qmp.execute(QmpCommand.removeDevice(port.id()));
    }
  }

  private void happened(QmpMessage.Event event) {
    if (event.name().equals(GONE)) {
      StreamPort port = plugged.remove(event.detail("device"));
      if (port != null) {
        release(port.number());
        removeSocket(port.id(), MOST_RETRIES);
      }
    }
  }

  /** Gives back a number that was taken, and under which nothing is plugged in. */
  synchronized void release(int number) {
    free.push(number);
    notifyAll();
  }

  /** QEMU lets a device go of its socket some time after it has said that it is gone. */
  private void removeSocket(String id, int retries) {
    var unused =
        qmp.execute(QmpCommand.removeCharacterDevice(id))
            .exceptionally(
                refused -> {
                  if (retries > 0) {
                    CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(() -> removeSocket(id, retries - 1));
                  }
                  return null;
                });
  }

  /** The guest is gone: wakes who waits. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public void close() {
    end();
    plugged.values().forEach(StreamPort::close);
  }
}
