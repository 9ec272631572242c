package dev.topology.run.cable;

import dev.topology.model.Cable;
import dev.topology.model.CableEnd.Outside;
import dev.topology.model.Endpoint;
import dev.topology.plan.CablePlan;
import dev.topology.plan.qemu.Netdev;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.Reasons;
import dev.topology.posix.SocketPair;
import dev.topology.run.node.Closing;
import dev.topology.run.node.NodePorts.Inherited;
import dev.topology.run.node.QmpClient;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The host's side of a cable: its sockets, its shaper, and captures of it. Thread-safe.
 *
 * <p>The ends that QEMUs inherit are kept to the end of the run, so that a QEMU that follows on
 * another gets the same cables: datagram sockets have no end of file to hide, and an end that no
 * QEMU has drops what comes, as if it were closed.
 */
public final class CableHost implements AutoCloseable {

  private final CablePlan plan;
  private final Cable cable;
  private final int number;
  private final Path directory;
  private final List<SocketPair> pairs;
  private final Optional<Descriptor> wayOut;
  private final List<Capture> captures = new CopyOnWriteArrayList<>();
  private final AtomicInteger dumps = new AtomicInteger();
  private final Optional<SwitchPort> leftPort;
  private final Optional<SwitchPort> rightPort;
  private volatile Optional<CableShaper> shaper = Optional.empty();
  private volatile Optional<Capture> whole = Optional.empty();

  private CableHost(
      CablePlan plan,
      int number,
      Path directory,
      List<SocketPair> pairs,
      Optional<Descriptor> wayOut,
      Map<String, FrameSwitch> switches) {
    this.plan = plan;
    this.cable = plan.cable();
    this.number = number;
    this.directory = directory;
    this.pairs = pairs;
    this.wayOut = wayOut;
    this.leftPort =
        Optional.ofNullable(switches.get(cable.left().owner())).map(it -> it.plug(leftEnd()));
    this.rightPort =
        Optional.ofNullable(switches.get(cable.right().owner())).map(it -> it.plug(rightEnd()));
  }

  /**
   * Makes the sockets of a cable: one pair from end to end, or one from either end to a shaper. An
   * end is a QEMU's or plugged into a switch; for one outside the topology, the way out is opened.
   * Blocks while a name is looked up.
   *
   * @param number of the cable in the plan
   * @param directory for pipes
   * @param switches by name; not started yet
   * @throws IOException if descriptors run out; nothing stays open then
   * @throws LaunchException if there is no way out; likewise
   */
  public static CableHost open(
      CablePlan plan, int number, Path directory, Map<String, FrameSwitch> switches)
      throws IOException {
    Cable cable = plan.cable();
    SocketPair first = SocketPair.datagram();
    try {
      Optional<Descriptor> wayOut = cable.outside().map(it -> WayOut.open(cable.name(), it));
      boolean isSingle = cable.shaper().isEmpty() || wayOut.isPresent();
      List<SocketPair> pairs = isSingle ? List.of(first) : List.of(first, SocketPair.datagram());
      return new CableHost(plan, number, directory, pairs, wayOut, switches);
    } catch (IOException | LaunchException e) {
      first.close();
      throw e;
    }
  }

  private Descriptor leftEnd() {
    return pairs.get(0).near();
  }

  private Descriptor rightEnd() {
    return pairs.get(pairs.size() - 1).far();
  }

  /** The ends that a node's QEMU inherits: none, one, or both. */
  public Stream<Inherited> endsAt(String node) {
    List<Inherited> ends = new ArrayList<>();
    if (cable.left().owner().equals(node)) {
      plan.leftNumber().ifPresent(it -> ends.add(new Inherited(leftEnd(), it)));
    }
    if (cable.right().owner().equals(node)) {
      plan.rightNumber().ifPresent(it -> ends.add(new Inherited(rightEnd(), it)));
    }
    return ends.stream();
  }

  /** A node's QEMU has gone: what comes to it goes nowhere until the next one. */
  public void unplug(String node) throws IOException {
    for (Inherited end : endsAt(node).toList()) {
      Datagrams.dropAll(end.descriptor());
    }
  }

  /** A node is to have another QEMU, for which what comes is kept again. */
  public void plugIn(String node) throws IOException {
    for (Inherited end : endsAt(node).toList()) {
      Datagrams.keepAll(end.descriptor());
    }
  }

  /**
   * Starts the shaper of a cable that has one, and the capture that its file asks for.
   *
   * @throws LaunchException if descriptors run out, or the capture cannot be begun
   */
  public void start() {
    Optional<Capture> capture = cable.capture().map(file -> into(file, cable));
    try {
      if (cable.shaper().isPresent()) {
        shaper =
            Optional.of(
                CableShaper.start(
                    cable.name(),
                    cable.shaper().get(),
                    cable.left() instanceof Outside ? wayOut.orElseThrow() : pairs.get(0).far(),
                    cable.right() instanceof Outside
                        ? wayOut.orElseThrow()
                        : pairs.get(pairs.size() - 1).near()));
      }
      capture.ifPresent(this::add);
      whole = capture;
    } catch (IOException e) {
      capture.ifPresent(Capture::close);
      throw new LaunchException(
          "cannot start the shaper of cable \"" + cable.name() + "\": " + Reasons.of(e),
          Reasons.remedy(e, "run fewer nodes"),
          e);
    }
  }

  private static Capture into(Path file, Cable cable) {
    try {
      return Capture.into(file, cable.name());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot capture cable \"" + cable.name() + "\" into " + file + ": " + Reasons.of(e),
          e instanceof CaptureFile.UnfitException unfit
              ? unfit.remedy()
              : Reasons.remedy(e, "name a file in a directory that is there and can be written to"),
          e);
    }
  }

  /** The shaper, unless this is a plain wire. */
  public Optional<CableShaper> shaper() {
    return shaper;
  }

  /** What sees its frames: its shaper or a switch; nothing where it leads from QEMU to QEMU. */
  private Optional<FrameTap> tap() {
    return shaper.map(CableShaper::tap).or(() -> leftPort.or(() -> rightPort).map(SwitchPort::tap));
  }

  /** Whether a QEMU has to dump what is to be captured, as nothing in this program sees it. */
  public boolean isDumped() {
    return tap().isEmpty();
  }

  /**
   * What has become of its frames so far, as its shaper or a switch at one of its ends counts them.
   */
  public Optional<CableCounters> counters() {
    return shaper
        .map(CableShaper::counters)
        .or(() -> leftPort.map(it -> new CableCounters(it.toCable(), it.fromCable())))
        .or(() -> rightPort.map(it -> new CableCounters(it.fromCable(), it.toCable())));
  }

  /** Lets frames come and go at the switches it is plugged into, or no more. Returns at once. */
  public void setUp(boolean up) {
    Stream.concat(leftPort.stream(), rightPort.stream()).forEach(it -> it.setUp(up));
  }

  /**
   * Reports when the capture that the file asks for cannot go on, or when the tap that the cable
   * leads to is gone.
   *
   * @param warning takes the node or switch at the cable, and what to say
   */
  public void onLost(BiConsumer<String, String> warning) {
    String owner = (cable.left() instanceof Outside ? cable.right() : cable.left()).owner();
    String name = "cable \"" + cable.name() + "\"";
    whole.ifPresent(
        capture ->
            capture.onEnd(
                () ->
                    capture
                        .failure()
                        .ifPresent(
                            why ->
                                warning.accept(
                                    owner, "the capture of " + name + " has ended: " + why))));
    shaper.ifPresent(
        it -> {
          var unused =
              it.cutOff()
                  .thenRun(
                      () ->
                          warning.accept(
                              owner, name + " leads nowhere any more, as its tap is gone"));
        });
  }

  /** Reports when its shaper carries nothing any more, which is a bug. */
  public void onBroken(Consumer<Throwable> crash) {
    shaper.ifPresent(
        it -> {
          var unused = it.broken().thenAccept(crash);
        });
  }

  /**
   * Has a capture write what the shaper or a switch sees; of a cable from QEMU to QEMU, what one is
   * to {@link #dump}.
   */
  public void add(Capture capture) {
    capture.isOf(this);
    captures.add(capture);
    tap().ifPresent(it -> it.add(capture));
  }

  /** A capture has ended. */
  void remove(Capture capture) {
    captures.remove(capture);
    tap().ifPresent(it -> it.remove(capture));
  }

  /**
   * Makes the QEMU of a node, whose guest does not run yet, dump what is captured at it, if that
   * {@linkplain #isDumped needs} a QEMU.
   */
  public void beforeStart(String node, QmpClient qmp) {
    if (isDumped() && cable.left().owner().equals(node)) {
      for (Capture capture : captures) {
        try {
          var unused = dump(capture, qmp);
        } catch (IOException e) {
          capture.fail(e);
        }
      }
    }
  }

  /**
   * Has the QEMU at the left end of this cable, which is no switch, dump what a capture writes.
   *
   * @return completes when QEMU has begun; exceptionally, if it refuses or is gone
   * @throws IOException if a pipe to it cannot be made
   */
  public CompletableFuture<QmpMessage.Return> dump(Capture capture, QmpClient qmp)
      throws IOException {
    String id = "capture-" + number + "-" + dumps.incrementAndGet();
    String netdev = Netdev.idOf(((Endpoint) cable.left()).interfaceName());
    return capture.dumpFrom(qmp, id, netdev, directory);
  }

  /** Ends the captures, with all that was sent; then the shaper and the sockets. */
  @Override
  public void close() {
    Closing closing = new Closing();
    captures.forEach(closing::close);
    shaper.ifPresent(closing::close);
    wayOut.ifPresent(closing::close);
    pairs.forEach(closing::close);
    closing.finish();
  }
}
