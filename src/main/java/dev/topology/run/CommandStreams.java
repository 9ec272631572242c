package dev.topology.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The ports of one command: those of its standard input, output and error. */
final class CommandStreams implements AutoCloseable {

  private static final int COUNT = 3;

  private final StreamPorts source;
  private final List<StreamPort> ports = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private CommandStreams(StreamPorts source) {
    this.source = source;
  }

  /**
   * Has them plugged in. The caller holds {@link StreamPorts#plugging}.
   *
   * @param doing what is waited for, see {@link NodeFate#await}
   * @throws GuestMemoryException if the guest has not the memory for them
   */
  static CommandStreams plug(long id, NodeFate fate, Deadline deadline, String doing)
      throws InterruptedException {
    StreamPorts source = fate.ports().streams();
    List<Integer> numbers = source.take(COUNT, deadline);
    if (numbers.isEmpty()) {
      throw fate.gaveUp(deadline, doing);
    }
    CommandStreams streams = new CommandStreams(source);
    boolean done = false;
    try {
      streams.plug(id, numbers, fate, deadline, doing);
      done = true;
      return streams;
    } finally {
      if (!done) {
        numbers.stream().skip(streams.ports.size()).forEach(source::release);
        streams.close();
      }
    }
  }

  private void plug(long id, List<Integer> numbers, NodeFate fate, Deadline deadline, String doing)
      throws InterruptedException {
    if (source.areNew(numbers)) {
      new GuestMemory(fate.name(), fate).require(deadline);
    }
    for (int number : numbers) {
      ports.add(source.plug(id, number));
    }
    for (StreamPort port : ports) {
      fate.await(port.plugged(), deadline, doing);
    }
  }

  StreamPort input() {
    return ports.get(0);
  }

  StreamPort output() {
    return ports.get(1);
  }

  StreamPort errors() {
    return ports.get(2);
  }

  /** Has them unplugged, once. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      ports.forEach(source::unplug);
    }
  }
}
