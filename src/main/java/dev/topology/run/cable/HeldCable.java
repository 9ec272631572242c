package dev.topology.run.cable;

import dev.topology.posix.Descriptor;
import dev.topology.posix.Poll;
import dev.topology.posix.SocketPair;
import dev.topology.run.cable.CableState.ShaperState;
import dev.topology.run.node.NodePorts.Inherited;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A cable on which time stands still: its shaper is held, and the frames that wait in its sockets
 * are taken out of them, to be saved and put back. Not thread-safe.
 */
public final class HeldCable {

  /**
   * One direction of one socketpair.
   *
   * @param reader the socket of those who are to get the frames
   * @param writer the other socket
   * @param frames in their order
   */
  private record Way(Descriptor reader, Descriptor writer, Deque<byte[]> frames) {}

  private final CableHost host;
  private final FrameSockets sockets;
  private final List<Way> ways = new ArrayList<>();

  private HeldCable(CableHost host, FrameSockets sockets) {
    this.host = host;
    this.sockets = sockets;
    for (SocketPair pair : host.pairs()) {
      ways.add(new Way(pair.near(), pair.far(), new ArrayDeque<>()));
      ways.add(new Way(pair.far(), pair.near(), new ArrayDeque<>()));
    }
  }

  /**
   * Holds the shaper of a cable, if it has one. Switches that it is plugged into have to be held
   * already.
   *
   * @param sockets for all cables that are held
   * @throws IOException if its shaper has broken
   */
  public static HeldCable hold(CableHost host, FrameSockets sockets) throws IOException {
    if (host.shaper().isPresent()) {
      host.shaper().get().hold();
    }
    return new HeldCable(host, sockets);
  }

  /** The name of the cable. */
  public String name() {
    return host.cable().name();
  }

  /** Takes out what waits for anybody but that node, which runs. */
  public void takeExceptFor(String node) throws IOException {
    take(way -> !isOf(way, node));
  }

  /** Takes out what waits for a node, with the plugs that it was given. */
  public void takeFor(String node) throws IOException {
    take(way -> isOf(way, node));
  }

  private void take(Predicate<Way> which) throws IOException {
    for (Way way : ways) {
      if (which.test(way)) {
        sockets.take(way.reader(), way.frames()::add);
      }
    }
  }

  private boolean isOf(Way way, String node) {
    return host.endsAt(node).map(Inherited::descriptor).anyMatch(way.reader()::equals);
  }

  /** Gives the QEMU of a node a frame for nobody at each end that it has. */
  public void plug(String node) throws IOException {
    for (Way way : ways) {
      if (isOf(way, node)) {
        sockets.plug(way.writer());
      }
    }
  }

  /** Whether the QEMU of a node has read all that waited for it. */
  public boolean isReadBy(String node) throws IOException {
    for (Way way : ways) {
      if (isOf(way, node) && FrameSockets.isWaiting(way.reader())) {
        return false;
      }
    }
    return true;
  }

  /** What is on the cable. */
  public CableState state() {
    return new CableState(
        ways.stream().map(it -> List.copyOf(it.frames())).toList(),
        host.shaper().map(CableShaper::state),
        waiting(host.leftPort()),
        waiting(host.rightPort()));
  }

  private static List<byte[]> waiting(Optional<SwitchPort> port) {
    return port.map(it -> it.exit().waiting()).orElse(List.of());
  }

  /**
   * Puts on the cable what was on the same cable of another run.
   *
   * @throws IOException if it was a cable of another kind
   */
  public void restore(CableState state) throws IOException {
    if (state.inFlight().size() != ways.size()
        || state.shaper().isPresent() != host.shaper().isPresent()) {
      throw new IOException("cable \"" + name() + "\" was of another kind");
    }
    Iterator<List<byte[]>> frames = state.inFlight().iterator();
    ways.forEach(way -> way.frames().addAll(frames.next()));
    Optional<ShaperState> ofShaper = state.shaper();
    ofShaper.ifPresent(it -> host.shaper().orElseThrow().restore(it));
    host.leftPort().ifPresent(it -> it.exit().restore(state.leftWaiting()));
    host.rightPort().ifPresent(it -> it.exit().restore(state.rightWaiting()));
  }

  /**
   * Puts the frames back into the sockets. What there is no room for is put there by a thread, as
   * guests take the others; what they send meanwhile may come before it.
   */
  public static void giveBack(List<HeldCable> cables) {
    List<Way> full =
        cables.stream()
            .flatMap(cable -> cable.ways.stream().filter(way -> !cable.gives(way)))
            .toList();
    if (!full.isEmpty()) {
      FrameSockets sockets = cables.get(0).sockets;
      Thread thread = new Thread(() -> giveBack(full, sockets), "frames-in-flight");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Until the last frame, or the end of the run, which closes the sockets. */
  private static void giveBack(List<Way> ways, FrameSockets sockets) {
    try (Poll poll = new Poll(ways.stream().map(Way::writer).toList())) {
      while (ways.stream().anyMatch(way -> !way.frames().isEmpty())) {
        for (int at = 0; at < ways.size(); at++) {
          poll.interest(at, false, !ways.get(at).frames().isEmpty());
        }
        poll.await(-1);
        for (Way way : ways) {
          give(way, sockets);
        }
      }
    } catch (IOException over) {
      // Nobody is there to take them.
    }
  }

  /** Puts as many frames back as there is room for; whether that is all. */
  private boolean gives(Way way) {
    try {
      return give(way, sockets);
    } catch (IOException gone) {
      return true;
    }
  }

  private static boolean give(Way way, FrameSockets sockets) throws IOException {
    while (!way.frames().isEmpty()) {
      if (!sockets.send(way.writer(), way.frames().element())) {
        return false;
      }
      way.frames().remove();
    }
    return true;
  }

  /** Lets the shaper go on. */
  public void release() {
    host.shaper().ifPresent(CableShaper::release);
  }
}
