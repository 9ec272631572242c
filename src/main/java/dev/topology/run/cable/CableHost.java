package dev.topology.run.cable;

import dev.topology.model.Cable;
import dev.topology.plan.SocketPlan;
import dev.topology.plan.qemu.Netdev;
import dev.topology.posix.Descriptor;
import dev.topology.posix.Reasons;
import dev.topology.run.node.Closing;
import dev.topology.run.node.LaunchException;
import dev.topology.run.node.QmpClient;
import dev.topology.run.node.Sockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What this process has to do with a cable: its shaper, and the captures of it. Thread-safe. */
public final class CableHost implements AutoCloseable {

  private final Cable cable;
  private final int number;
  private final Path directory;
  private final Optional<CableShaper> shaper;
  private final List<Capture> captures = new CopyOnWriteArrayList<>();
  private final AtomicInteger dumps = new AtomicInteger();
  private final Optional<Capture> whole;

  private CableHost(
      Cable cable,
      int number,
      Path directory,
      Optional<CableShaper> shaper,
      Optional<Recording> whole) {
    this.cable = cable;
    this.number = number;
    this.directory = directory;
    this.shaper = shaper;
    this.whole = whole.map(this::capture);
  }

  /**
   * Starts the shaper of a cable that has one, and the capture that its file asks for.
   *
   * @param number of the cable in the plan
   * @param directory for pipes
   * @throws LaunchException if descriptors run out, or the capture cannot be begun
   */
  public static CableHost prepare(Cable cable, int number, Path directory, Sockets sockets) {
    Optional<Recording> whole = cable.capture().map(file -> record(cable, file));
    try {
      return new CableHost(cable, number, directory, shaper(cable, sockets), whole);
    } catch (IOException e) {
      whole.ifPresent(Recording::close);
      throw new LaunchException(
          "cannot start the shaper of cable \"" + cable.name() + "\": " + Reasons.of(e),
          Reasons.remedy(e, "run fewer nodes"),
          e);
    }
  }

  private static Recording record(Cable cable, Path file) {
    try {
      return Recording.into(file, cable.name());
    } catch (IOException e) {
      throw new LaunchException(
          "cannot capture cable \"" + cable.name() + "\" into " + file + ": " + Reasons.of(e),
          e instanceof CaptureFile.UnfitException unfit
              ? unfit.remedy()
              : Reasons.remedy(e, "name a file in a directory that is there and can be written to"),
          e);
    }
  }

  private static Optional<CableShaper> shaper(Cable cable, Sockets sockets) throws IOException {
    if (cable.shaper().isEmpty()) {
      return Optional.empty();
    }
    Descriptor left = sockets.takeHostEnd(SocketPlan.nameOfEnd(cable, cable.left()));
    Descriptor right = sockets.takeHostEnd(SocketPlan.nameOfEnd(cable, cable.right()));
    try {
      return Optional.of(CableShaper.start(cable.name(), cable.shaper().get(), left, right));
    } catch (IOException e) {
      left.close();
      right.close();
      throw e;
    }
  }

  /** The shaper, unless this is a plain wire. */
  public Optional<CableShaper> shaper() {
    return shaper;
  }

  /** Has it said when the capture that the file asks for cannot go on. */
  public void onCaptureLost(BiConsumer<String, String> warning) {
    whole.ifPresent(
        capture -> capture.onEnd(() -> capture.failure().ifPresent(why -> warn(warning, why))));
  }

  /** Has it said when its shaper carries nothing any more, which is a bug. */
  public void onBroken(Consumer<Throwable> crash) {
    shaper.ifPresent(
        it -> {
          var unused = it.broken().thenAccept(crash);
        });
  }

  private void warn(BiConsumer<String, String> warning, String why) {
    warning.accept(
        cable.left().node(), "the capture of cable \"" + cable.name() + "\" has ended: " + why);
  }

  /** A capture that writes what the shaper sees, or what it is yet to be told to have dumped. */
  public Capture capture(Recording recording) {
    Capture capture = new Capture(recording, shaper, captures::remove);
    captures.add(capture);
    return capture;
  }

  /**
   * Has the QEMU of a node, whose guest does not run yet, dump what is captured at it. A cable with
   * a shaper needs no QEMU for that.
   */
  public void beforeStart(String node, QmpClient qmp) {
    if (shaper.isEmpty() && cable.left().node().equals(node)) {
      for (Capture capture : captures) {
        try {
          dump(capture, qmp);
        } catch (IOException e) {
          capture.fail(e);
        }
      }
    }
  }

  /** Has the QEMU at the left end of this plain cable dump what a capture writes. */
  public Dump dump(Capture capture, QmpClient qmp) throws IOException {
    return capture.dumpFrom(
        qmp,
        recording -> {
          String id = "capture-" + number + "-" + dumps.incrementAndGet();
          String netdev = Netdev.idOf(cable.left().interfaceName());
          return Dump.begin(id, netdev, directory, qmp, recording);
        });
  }

  /** Ends the captures, with all that was sent; then the shaper. */
  @Override
  public void close() {
    Closing closing = new Closing();
    captures.forEach(closing::close);
    shaper.ifPresent(closing::close);
    closing.finish();
  }
}
