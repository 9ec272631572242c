package dev.topology.run.cable;

import dev.topology.model.Cable;
import dev.topology.model.CableEnd.Outside;
import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.SocketPair;
import dev.topology.run.node.Closing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What a cable consists of: its two ends, and the shaper between them, if there is one. An end is a
 * socket that a QEMU or a switch has, or the way out of the topology. The ends stay the same, so
 * that the QEMUs can run on, while what is between them can change. Changed by one thread.
 */
final class CableSockets implements AutoCloseable {

  /** Its sockets and its way out, from left to right. */
  private final List<Descriptor> row = new ArrayList<>();

  private final Optional<WayOut> wayOut;
  private final Set<Descriptor> dropping = ConcurrentHashMap.newKeySet();
  private volatile Optional<CableShaper> shaper = Optional.empty();
  private Optional<Splice> coming = Optional.empty();

  private CableSockets(Optional<WayOut> wayOut) {
    this.wayOut = wayOut;
  }

  /** What the ends are to be connected to: the sockets of a shaper, or each other. */
  private record Splice(Optional<SocketPair> middle, Optional<CableShaper> shaper) {}

  /**
   * Makes them: one pair from end to end, or one from either end to a shaper, which carries nothing
   * until it is started.
   *
   * @param leaving those whose ways out are about to be closed, and may be used again
   * @throws IOException if descriptors run out; nothing stays open then
   * @throws dev.topology.run.node.RunException.LaunchException if there is no way out; likewise
   */
  static CableSockets open(Cable cable, List<CableSockets> leaving) throws IOException {
    List<WayOut> waysOut = leaving.stream().flatMap(it -> it.wayOut.stream()).toList();
    CableSockets sockets =
        new CableSockets(cable.outside().map(it -> WayOut.open(cable.name(), it, waysOut)));
    try {
      sockets.open(cable);
      return sockets;
    } catch (IOException e) {
      sockets.close();
      throw e;
    }
  }

  private void open(Cable what) throws IOException {
    boolean outToTheLeft = what.left() instanceof Outside;
    boolean outToTheRight = what.right() instanceof Outside;
    if (outToTheLeft) {
      row.add(wayOut.orElseThrow().descriptor());
    }
    addPair();
    if (what.shaper().isPresent() && wayOut.isEmpty()) {
      addPair();
    }
    if (outToTheRight) {
      row.add(wayOut.orElseThrow().descriptor());
    }
    if (what.shaper().isPresent()) {
      int last = row.size() - 1;
      shaper =
          Optional.of(
              CableShaper.of(
                  what.name(),
                  what.shaper().get(),
                  row.get(outToTheLeft ? 0 : 1),
                  row.get(outToTheRight ? last : last - 1)));
    }
  }

  private void addPair() throws IOException {
    SocketPair pair = SocketPair.datagram();
    row.add(pair.near());
    row.add(pair.far());
  }

  /** The end that the file names first. */
  Descriptor left() {
    return row.get(0);
  }

  /** The other end. */
  Descriptor right() {
    return row.get(row.size() - 1);
  }

  /** Each two that are connected to each other, from left to right. */
  List<SocketPair> pairs() {
    return shaper
        .map(
            it ->
                Stream.of(
                    new SocketPair(left(), it.sockets().get(0)),
                    new SocketPair(it.sockets().get(1), right())))
        .orElseGet(() -> Stream.of(new SocketPair(left(), right())))
        // At its way out, a shaper has the end itself.
        .filter(pair -> !pair.near().equals(pair.far()))
        .toList();
  }

  /** What is between them; nothing in a plain wire. */
  Optional<CableShaper> shaper() {
    return shaper;
  }

  /** No QEMU has an end now: what comes there is dropped. */
  void dropAll(Descriptor end) throws IOException {
    Datagrams.dropAll(end);
    dropping.add(end);
  }

  /** A QEMU is to have an end again. */
  void keepAll(Descriptor end) throws IOException {
    if (dropping.remove(end)) {
      Datagrams.keepAll(end);
    }
  }

  /** As {@link CableHost#prepareSplice}. */
  void prepareSplice(Cable next) throws IOException {
    if (next.shaper().isEmpty()) {
      coming = Optional.of(new Splice(Optional.empty(), Optional.empty()));
      return;
    }
    SocketPair middle = SocketPair.datagram();
    try {
      CableShaper made =
          CableShaper.of(next.name(), next.shaper().get(), middle.near(), middle.far());
      coming = Optional.of(new Splice(Optional.of(middle), Optional.of(made)));
    } catch (IOException e) {
      middle.close();
      throw e;
    }
  }

  /** As {@link CableHost#abandonSplice}. */
  void abandonSplice() {
    Closing closing = new Closing();
    for (Splice splice : coming.stream().toList()) {
      splice.shaper().ifPresent(closing::close);
      splice.middle().ifPresent(closing::close);
    }
    coming = Optional.empty();
    closing.finish();
  }

  /**
   * Connects the ends to what was prepared, whose shaper does not carry yet.
   *
   * @return the shaper that was between them, to be closed
   * @throws IOException if the kernel refuses
   */
  Optional<CableShaper> resplice() throws IOException {
    Splice next = coming.orElseThrow();
    coming = Optional.empty();
    if (next.middle().isPresent()) {
      SocketPair.connect(left(), next.middle().get().near());
      SocketPair.connect(right(), next.middle().get().far());
    } else {
      SocketPair.connect(left(), right());
      if (dropping.contains(right())) {
        Datagrams.dropAll(right());
      }
    }
    Optional<CableShaper> former = shaper;
    shaper = next.shaper();
    return former;
  }

  /** Ends the shaper, and closes the sockets and the way out. */
  @Override
  public void close() {
    Closing closing = new Closing();
    closing.close(this::abandonSplice);
    shaper.ifPresent(closing::close);
    wayOut.ifPresent(closing::close);
    row.forEach(closing::close);
    closing.finish();
  }
}
