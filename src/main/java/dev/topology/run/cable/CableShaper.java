package dev.topology.run.cable;

import dev.topology.model.Cable.Shaper;
import dev.topology.model.Shaping;
import dev.topology.posix.Descriptor;
import dev.topology.posix.Poll;
import dev.topology.run.cable.CableState.ShaperState;
import dev.topology.run.node.Closing;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The thread in the middle of one cable. Each of its two sockets leads to a QEMU or a switch, or
 * one of them out of the topology, one Ethernet frame a datagram. Thread-safe.
 *
 * <p>One thread a cable rather than one for all: a busy cable cannot make the others late, and the
 * thread of an idle one does not wake up.
 */
public final class CableShaper implements AutoCloseable {

  private static final int LEFT = 0;
  private static final int RIGHT = 1;
  private static final long OTHER_WAY = 0x5851f42d4c957f2dL;

  private final List<Descriptor> sockets;
  private final Poll poll;
  private final Thread thread;
  private final FrameTap tap = new FrameTap();
  private final Direction leftToRight;
  private final Direction rightToLeft;
  private final AtomicReference<@Nullable Shaping> changed = new AtomicReference<>();
  private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
  private final CompletableFuture<Void> cutOff = new CompletableFuture<>();
  private volatile @Nullable Hold hold;
  private volatile Shaping shaping;
  private volatile boolean closing;

  /**
   * That it stands still.
   *
   * @param begun completes with the moment when it does
   * @param over completes when it may go on
   */
  private record Hold(CompletableFuture<Long> begun, CompletableFuture<Void> over) {}

  private CableShaper(String cable, Shaper shaper, Descriptor left, Descriptor right)
      throws IOException {
    sockets = List.of(left, right);
    poll = new Poll(sockets);
    leftToRight = new Direction(left, right, shaper.seed(), tap, new FrameTap());
    rightToLeft = new Direction(right, left, shaper.seed() ^ OTHER_WAY, new FrameTap(), tap);
    shaping = shaper.shaping();
    changed.set(shaping);
    thread = new Thread(this::run, "shaper-" + cable);
    thread.setDaemon(true);
  }

  /**
   * Makes one that carries nothing until its {@link #start}.
   *
   * @param cable its name
   * @param left leads to the end named first in the file; this shaper's to close from now on
   * @param right leads to the other end; this shaper's to close as well
   * @throws IOException if descriptors run out; nothing is closed then
   */
  public static CableShaper of(String cable, Shaper shaper, Descriptor left, Descriptor right)
      throws IOException {
    return new CableShaper(cable, shaper, left, right);
  }

  /** Starts to carry frames. */
  public void start() {
    thread.start();
  }

  /** Its two sockets, the left one first. */
  List<Descriptor> sockets() {
    return sockets;
  }

  /** What it does now. */
  public Shaping shaping() {
    return shaping;
  }

  /** Does something else from the next frame on, and with those on their way. Returns at once. */
  public void shape(Shaping shaping) {
    this.shaping = shaping;
    changed.set(shaping);
    poll.wake();
  }

  /** What it has done so far. */
  public CableCounters counters() {
    return new CableCounters(leftToRight.counters(), rightToLeft.counters());
  }

  /** Sees what the left end sends, as it sends it, and gets, as it gets it. */
  FrameTap tap() {
    return tap;
  }

  /** Completes if it carries nothing any more although it was not closed, with the reason. */
  public CompletableFuture<Throwable> broken() {
    return broken.copy();
  }

  /** Completes once the tap that it leads to is gone. */
  CompletableFuture<Void> cutOff() {
    return cutOff.copy();
  }

  /**
   * Holds it between two frames; time stands still for those on their way, until it is {@linkplain
   * #release released}.
   *
   * @throws IOException if it carries nothing any more
   */
  void hold() throws IOException {
    Hold wanted = new Hold(new CompletableFuture<>(), new CompletableFuture<>());
    hold = wanted;
    if (closing) {
      wanted.begun().complete(System.nanoTime());
    }
    poll.wake();
    try {
      CompletableFuture.anyOf(wanted.begun(), broken).join();
      if (broken.isDone()) {
        throw new IOException("a shaper has broken: " + broken.join());
      }
    } catch (CompletionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Lets it go on. */
  void release() {
    Hold last = hold;
    if (last != null) {
      hold = null;
      last.begun().complete(System.nanoTime());
      last.over().complete(null);
    }
  }

  /** What it holds, while it is {@linkplain #hold held}. */
  ShaperState state() {
    long at = Objects.requireNonNull(hold).begun().join();
    return new ShaperState(shaping, leftToRight.state(at), rightToLeft.state(at));
  }

  /** Goes on where another one was, once it is released; it has carried nothing yet. */
  void restore(ShaperState state) {
    long at = Objects.requireNonNull(hold).begun().join();
    shaping = state.shaping();
    changed.set(null);
    leftToRight.follow(shaping, at);
    rightToLeft.follow(shaping, at);
    leftToRight.restore(state.leftToRight(), at);
    rightToLeft.restore(state.rightToLeft(), at);
  }

  private void standStill() {
    Hold wanted = hold;
    if (wanted != null && !closing) {
      long begun = System.nanoTime();
      wanted.begun().complete(begun);
      wanted.over().join();
      long nanos = System.nanoTime() - begun;
      leftToRight.shift(nanos);
      rightToLeft.shift(nanos);
    }
  }

  private void run() {
    try {
      Poll.makePunctual();
      while (!closing) {
        standStill();
        follow(changed.getAndSet(null));
        poll.interest(LEFT, !leftToRight.isOver(), rightToLeft.isBlocked());
        poll.interest(RIGHT, !rightToLeft.isOver(), leftToRight.isBlocked());
        poll.await(timeToNext());
        carry();
      }
    } catch (IOException | RuntimeException | Error e) {
      broken.complete(e);
    }
  }

  private void follow(@Nullable Shaping news) {
    if (news != null) {
      long now = System.nanoTime();
      leftToRight.follow(news, now);
      rightToLeft.follow(news, now);
    }
  }

  private long timeToNext() {
    long due = Math.min(leftToRight.nextDueAt(), rightToLeft.nextDueAt());
    return due == Long.MAX_VALUE ? -1 : Math.max(0, due - System.nanoTime());
  }

  private void carry() {
    if (rightToLeft.isBlocked() && poll.isWritable(LEFT)) {
      rightToLeft.resume();
    }
    if (leftToRight.isBlocked() && poll.isWritable(RIGHT)) {
      leftToRight.resume();
    }
    if (poll.isReadable(LEFT)) {
      leftToRight.receive();
    }
    if (poll.isReadable(RIGHT)) {
      rightToLeft.receive();
    }
    if (leftToRight.isOver() || rightToLeft.isOver()) {
      cutOff.complete(null);
    }
    long now = System.nanoTime();
    leftToRight.deliver(now);
    rightToLeft.deliver(now);
  }

  /** Stops at once, what is on its way included, waits for the thread, and closes the sockets. */
  @Override
  public void close() {
    closing = true;
    release();
    poll.wake();
    Closing.join(thread);
    poll.close();
    sockets.forEach(Descriptor::close);
  }
}
