package dev.topology.run.cable;

import dev.topology.model.Cable;
import dev.topology.model.CableEnd.Outside;
import dev.topology.model.Endpoint;
import dev.topology.plan.CablePlan;
import dev.topology.plan.qemu.Netdev;
import dev.topology.plan.qemu.QmpMessage;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The host's side of a cable: its sockets, its shaper, and captures of it. Thread-safe.
 *
 * <p>The ends that QEMUs inherit are kept to the end of the run, so that a QEMU that follows on
 * another gets the same cables: datagram sockets have no end of file to hide, and an end that no
 * QEMU has drops what comes, as if it were closed.
 */
public final class CableHost implements AutoCloseable {

  /** Where an end of a cable is plugged into a switch. */
  private record Plugged(FrameSwitch where, SwitchPort port) {}

  private final int number;
  private final Path directory;

  private final CableSockets sockets;
  private final CableCaptures captures = new CableCaptures();
  private final AtomicInteger dumps = new AtomicInteger();
  private volatile CablePlan plan;
  private volatile Optional<Plugged> left = Optional.empty();
  private volatile Optional<Plugged> right = Optional.empty();
  private volatile Optional<Capture> whole = Optional.empty();
  private volatile BiConsumer<String, String> onLost = (owner, what) -> {};
  private volatile Consumer<Throwable> onBroken = fault -> {};

  private CableHost(CablePlan plan, int number, Path directory, CableSockets sockets) {
    this.plan = plan;
    this.number = number;
    this.directory = directory;
    this.sockets = sockets;
  }

  /**
   * Makes the sockets of a cable: one pair from end to end, or one from either end to a shaper,
   * which carries nothing until {@link #carry}. An end is a QEMU's or plugged into a switch; for
   * one outside the topology, the way out is opened. Blocks while a name is looked up.
   *
   * @param number that no other cable of the run has had
   * @param directory for pipes
   * @param switches by name; they may run already
   * @param leaving cables that are about to be closed, and whose ways out may be used again
   * @throws IOException if descriptors run out; nothing stays open then
   * @throws LaunchException if there is no way out; likewise
   */
  public static CableHost open(
      CablePlan plan,
      int number,
      Path directory,
      Map<String, FrameSwitch> switches,
      List<CableHost> leaving)
      throws IOException {
    Cable what = plan.cable();
    CableSockets sockets = CableSockets.open(what, leaving.stream().map(it -> it.sockets).toList());
    CableHost cable = new CableHost(plan, number, directory, sockets);
    try {
      cable.left = plugged(switches.get(what.left().owner()), sockets.left());
      cable.right = plugged(switches.get(what.right().owner()), sockets.right());
      return cable;
    } catch (IOException e) {
      cable.close();
      throw e;
    }
  }

  private static Optional<Plugged> plugged(@Nullable FrameSwitch where, Descriptor end)
      throws IOException {
    return where == null ? Optional.empty() : Optional.of(new Plugged(where, where.plug(end)));
  }

  /** What it is in the topology now. */
  public Cable cable() {
    return plan.cable();
  }

  /**
   * Goes on as a cable of another plan, with the same ends, for QEMUs that are started from now on.
   * What its shaper does and what is captured stay as they are.
   */
  public void become(CablePlan next) {
    plan = next;
  }

  /** Its socketpairs, from its left end to its right one. */
  List<SocketPair> pairs() {
    return sockets.pairs();
  }

  /** Where its left end is plugged into a switch. */
  Optional<SwitchPort> leftPort() {
    return left.map(Plugged::port);
  }

  /** Where its right end is plugged into a switch. */
  Optional<SwitchPort> rightPort() {
    return right.map(Plugged::port);
  }

  /** The ends that a node's QEMU inherits: none, one, or both. */
  public Stream<Inherited> endsAt(String node) {
    List<Inherited> ends = new ArrayList<>();
    CablePlan now = plan;
    if (now.cable().left().owner().equals(node)) {
      now.leftNumber().ifPresent(it -> ends.add(new Inherited(sockets.left(), it)));
    }
    if (now.cable().right().owner().equals(node)) {
      now.rightNumber().ifPresent(it -> ends.add(new Inherited(sockets.right(), it)));
    }
    return ends.stream();
  }

  /** A node's QEMU has gone: what comes to it goes nowhere until the next one. */
  public void unplug(String node) throws IOException {
    for (Inherited end : endsAt(node).toList()) {
      sockets.dropAll(end.descriptor());
    }
  }

  /** A node is to have another QEMU, for which what comes is kept again. */
  public void plugIn(String node) throws IOException {
    for (Inherited end : endsAt(node).toList()) {
      sockets.keepAll(end.descriptor());
    }
  }

  /** Has its shaper, if it has one, carry frames from now on. */
  public void carry() {
    sockets.shaper().ifPresent(this::start);
  }

  /**
   * Makes what {@link #resplice} takes into use: another shaper, or none. The cable must not lead
   * out of the topology.
   *
   * @param next of the cable as it is to be
   * @throws IOException if descriptors run out; nothing stays open then
   */
  public void prepareSplice(Cable next) throws IOException {
    sockets.prepareSplice(next);
  }

  /** Closes what was prepared and not taken into use. */
  public void abandonSplice() {
    sockets.abandonSplice();
  }

  /**
   * Puts the shaper that was prepared between the ends, or connects these to each other, while the
   * QEMUs that have them run on. Frames that are on their way are lost. What is captured goes on;
   * of a cable that has no shaper any more, a QEMU may have to be made to {@link #dumpAll} it.
   *
   * @throws IOException if the kernel refuses
   */
  public void resplice() throws IOException {
    Optional<CableShaper> former = sockets.resplice();
    former.ifPresent(it -> captures.move(it.tap(), tap()));
    carry();
    former.ifPresent(CableShaper::close);
  }

  private void start(CableShaper carrier) {
    var unused = carrier.broken().thenAccept(fault -> onBroken.accept(fault));
    unused =
        carrier
            .cutOff()
            .thenRun(() -> warn(title() + " leads nowhere any more, as its tap is gone"));
    carrier.start();
  }

  /**
   * Begins the capture that the file asks for, if it does; the one that it asked for before ends. A
   * QEMU that runs already is not made to {@link #dump} what it is to write.
   *
   * @throws LaunchException if it cannot be begun
   */
  public void startCapture() {
    whole.ifPresent(Capture::close);
    whole = Optional.empty();
    Optional<Capture> capture = cable().capture().map(file -> into(file, cable()));
    capture.ifPresent(this::add);
    capture.ifPresent(
        it ->
            it.onEnd(
                () ->
                    it.failure()
                        .ifPresent(
                            why -> warn("the capture of " + title() + " has ended: " + why))));
    whole = capture;
  }

  /** The capture that the file asks for. */
  public Optional<Capture> fileCapture() {
    return whole;
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
    return sockets.shaper();
  }

  /** What sees its frames: its shaper or a switch; nothing where it leads from QEMU to QEMU. */
  private Optional<FrameTap> tap() {
    return shaper()
        .map(CableShaper::tap)
        .or(() -> left.or(() -> right).map(Plugged::port).map(SwitchPort::tap));
  }

  /** Whether a QEMU has to dump what is to be captured, as nothing in this program sees it. */
  public boolean isDumped() {
    return tap().isEmpty();
  }

  /**
   * What has become of its frames so far, as its shaper or a switch at one of its ends counts them.
   */
  public Optional<CableCounters> counters() {
    return shaper()
        .map(CableShaper::counters)
        .or(
            () ->
                left.map(Plugged::port).map(it -> new CableCounters(it.toCable(), it.fromCable())))
        .or(
            () ->
                right
                    .map(Plugged::port)
                    .map(it -> new CableCounters(it.fromCable(), it.toCable())));
  }

  /** Lets frames come and go at the switches it is plugged into, or no more. Returns at once. */
  public void setUp(boolean up) {
    Stream.concat(left.stream(), right.stream()).forEach(it -> it.port().setUp(up));
  }

  /**
   * Reports when the capture that the file asks for cannot go on, or when the tap that the cable
   * leads to is gone; to be said before the start.
   *
   * @param warning takes the node or switch at the cable, and what to say
   */
  public void onLost(BiConsumer<String, String> warning) {
    onLost = warning;
  }

  /** Reports when its shaper carries nothing any more, which is a bug; likewise. */
  public void onBroken(Consumer<Throwable> crash) {
    onBroken = crash;
  }

  private void warn(String what) {
    Cable cable = cable();
    String owner = (cable.left() instanceof Outside ? cable.right() : cable.left()).owner();
    onLost.accept(owner, what);
  }

  private String title() {
    return "cable \"" + cable().name() + "\"";
  }

  /**
   * Has a capture write what the shaper or a switch sees; of a cable from QEMU to QEMU, what one is
   * to {@link #dump}.
   */
  public void add(Capture capture) {
    capture.isOf(this);
    captures.add(capture, tap());
  }

  /** A capture has ended. */
  void remove(Capture capture) {
    captures.remove(capture);
  }

  /**
   * Makes the QEMU of a node dump what is captured at it and needs a QEMU, if it does not do so
   * yet.
   */
  public void dumpAll(String node, QmpClient qmp) {
    if (cable().left().owner().equals(node)) {
      for (Capture capture : captures.dumped()) {
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
    String netdev = Netdev.idOf(((Endpoint) cable().left()).interfaceName());
    return capture.dumpFrom(qmp, id, netdev, directory);
  }

  /** Ends the captures, with all that was sent; then unplugs it, and ends shaper and sockets. */
  @Override
  public void close() {
    Closing closing = new Closing();
    captures.all().forEach(closing::close);
    Stream.concat(left.stream(), right.stream())
        .forEach(it -> closing.close(() -> it.where().unplug(it.port())));
    left = Optional.empty();
    right = Optional.empty();
    closing.close(sockets);
    closing.finish();
  }
}
