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
   * Has them plugged in.
   *
   * @param doing what is waited for, see {@link NodeFate#await}
   */
  static CommandStreams plug(long id, NodeFate fate, Deadline deadline, String doing)
      throws InterruptedException {
    StreamPorts source = fate.ports().streams();
    CommandStreams streams = new CommandStreams(source);
    List<Integer> numbers = source.take(COUNT, deadline);
    if (numbers.isEmpty()) {
      throw fate.gaveUp(deadline, doing);
    }
    boolean done = false;
    try {
      for (int number : numbers) {
        streams.ports.add(source.plug(id, number));
      }
      for (StreamPort port : streams.ports) {
        fate.await(port.plugged(), deadline, doing);
      }
      done = true;
      return streams;
    } finally {
      if (!done) {
        streams.close();
      }
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
