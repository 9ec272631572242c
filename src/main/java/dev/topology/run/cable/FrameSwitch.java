package dev.topology.run.cable;

import static dev.topology.run.cable.PortTable.NOWHERE;

import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.NativeBlock;
import dev.topology.posix.Poll;
import dev.topology.run.node.Closing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A switch: one thread that passes the frames of each of its cables on to the others. It learns
 * behind which port an address is, of each VLAN by itself, and sends what is for nobody that it
 * knows to all; {@link FloodGuard} keeps that finite. Frames are never changed. Thread-safe.
 *
 * <p>Cables are {@linkplain #plug plugged in} before it is {@linkplain #start started}, or while it
 * runs: then its thread makes way for another one, and frames wait in the sockets meanwhile. A
 * guest that does not take frames loses its own and holds nobody up.
 */
public final class FrameSwitch implements AutoCloseable {

  private static final int SOURCE = 6;
  private static final int TYPE = 12;
  private static final int HEADER_BYTES = 14;
  private static final int TAGGED_BYTES = 16;
  private static final int GROUP = 1;
  private static final int VLAN = 0x8100;
  private static final int SERVICE_VLAN = 0x88A8;
  private static final int VLAN_NUMBER = 0xFFF;
  private static final int ADDRESS_BITS = 48;

  /** How long an address is known: IEEE 802.1Q, 8.8.3. */
  static final long GOOD_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** After so many batches, the next port has its turn. */
  private static final int BATCHES_AT_ONCE = 4;

  private final String name;
  private final NativeBlock memory = new NativeBlock(Datagrams.CAPACITY * Datagrams.LONGEST);
  private final Datagrams batch = Datagrams.into(memory);
  private final CompletableFuture<Throwable> broken = new CompletableFuture<>();

  // Changed while no thread runs.
  private List<SwitchPort> ports = List.of();
  private PortTable table = new PortTable(GOOD_NANOS);
  private @Nullable FloodGuard floods;
  private @Nullable Thread thread;
  private volatile @Nullable Poll poll;
  private volatile boolean portsChanged;
  private volatile boolean closing;
  private boolean isHeld;

  /** A switch without cables, which does not run yet. */
  public FrameSwitch(String name) {
    this.name = name;
  }

  /**
   * Plugs a cable in.
   *
   * @param socket leads to the other end of the cable; stays its owner's, to be closed after this,
   *     or after it is {@linkplain #unplug unplugged}
   * @throws IOException if descriptors run out; the switch is broken then, if it ran
   */
  synchronized SwitchPort plug(Descriptor socket) throws IOException {
    SwitchPort port = new SwitchPort(ports.size(), socket, this::lookAtPorts);
    boolean ran = halt();
    ports = Stream.concat(ports.stream(), Stream.of(port)).toList();
    goOn(ran);
    return port;
  }

  /**
   * Plugs a cable out. What was learnt is forgotten, as the ports get other numbers.
   *
   * @throws IOException if descriptors run out; the switch is broken then, if it ran
   */
  synchronized void unplug(SwitchPort port) throws IOException {
    boolean ran = halt();
    ports = ports.stream().filter(it -> it != port).toList();
    for (int number = 0; number < ports.size(); number++) {
      ports.get(number).renumber(number);
    }
    table = new PortTable(GOOD_NANOS);
    goOn(ran);
  }

  /**
   * Starts to pass frames on.
   *
   * @throws IOException if descriptors run out
   */
  public synchronized void start() throws IOException {
    poll = new Poll(ports.stream().map(SwitchPort::socket).toList());
    floods = new FloodGuard(ports.size(), System.nanoTime());
    closing = false;
    Thread next = new Thread(this::run, "switch-" + name);
    next.setDaemon(true);
    next.start();
    thread = next;
  }

  /** Ends the thread, if there is one; tells whether there was. */
  private boolean halt() {
    Thread running = thread;
    Poll waiting = poll;
    if (running == null || waiting == null) {
      return false;
    }
    closing = true;
    waiting.wake();
    Closing.join(running);
    waiting.close();
    thread = null;
    poll = null;
    return true;
  }

  private void goOn(boolean ran) throws IOException {
    if (ran) {
      try {
        start();
      } catch (IOException e) {
        broken.complete(e);
        throw e;
      }
    }
  }

  /** Passes on what has come, and then stands still until it is {@linkplain #release released}. */
  public synchronized void hold() {
    isHeld = halt();
  }

  /**
   * Goes on.
   *
   * @throws IOException if descriptors run out; the switch is broken then
   */
  public synchronized void release() throws IOException {
    boolean ran = isHeld;
    isHeld = false;
    goOn(ran);
  }

  /** Completes if it passes nothing on any more although it was not closed, with the reason. */
  public CompletableFuture<Throwable> broken() {
    return broken.copy();
  }

  private void lookAtPorts() {
    portsChanged = true;
    wake();
  }

  private void wake() {
    Poll started = poll;
    if (started != null) {
      started.wake();
    }
  }

  private void run() {
    try {
      Poll waiting = Objects.requireNonNull(poll);
      Poll.makePunctual();
      boolean isLast;
      do {
        isLast = closing;
        if (portsChanged) {
          portsChanged = false;
          ports.stream().filter(it -> !it.isUp()).forEach(it -> table.forget(it.number()));
        }
        for (SwitchPort port : ports) {
          waiting.interest(port.number(), true, port.exit().isBlocked());
        }
        waiting.await(isLast ? 0 : -1);
        carry(waiting);
      } while (!isLast);
    } catch (IOException | RuntimeException | Error e) {
      broken.complete(e);
    }
  }

  private void carry(Poll waiting) {
    for (SwitchPort port : ports) {
      if (port.exit().isBlocked() && waiting.isWritable(port.number())) {
        port.exit().resume();
      }
    }
    for (SwitchPort port : ports) {
      if (waiting.isReadable(port.number())) {
        receive(port);
      }
    }
  }

  private void receive(SwitchPort from) {
    for (int turn = 0; turn < BATCHES_AT_ONCE; turn++) {
      if (receiveBatch(from) < Datagrams.CAPACITY) {
        return;
      }
    }
  }

  private int receiveBatch(SwitchPort from) {
    try {
      int count = batch.receive(from.socket());
      long now = System.nanoTime();
      for (int at = 0; at < count; at++) {
        take(from, at * Datagrams.LONGEST, batch.length(at), now);
      }
      // Before the memory is used again.
      ports.forEach(it -> it.exit().flush());
      return count;
    } catch (IOException gone) {
      // The QEMU there has ended, and nothing comes from it any more; another may come.
      return 0;
    }
  }

  private void take(SwitchPort from, int offset, int length, long now) {
    from.came(memory, offset, length);
    ByteBuffer bytes = memory.bytes();
    if (!from.isUp() || length < HEADER_BYTES) {
      from.dropped();
      return;
    }
    long vlan = vlan(bytes, offset, length) << ADDRESS_BITS;
    int target =
        isGroup(bytes, offset) ? NOWHERE : table.portOf(vlan | address(bytes, offset), now);
    if (target == NOWHERE
        && !Objects.requireNonNull(floods).lets(from.number(), bytes, offset, length, now)) {
      from.dropped();
      return;
    }
    if (!isGroup(bytes, offset + SOURCE)) {
      table.learn(vlan | address(bytes, offset + SOURCE), from.number(), now);
    }
    from.passedOn(length);
    if (target == NOWHERE) {
      ports.stream().filter(it -> it != from).forEach(it -> it.let(memory, offset, length));
    } else if (target != from.number()) {
      ports.get(target).let(memory, offset, length);
    }
  }

  private static boolean isGroup(ByteBuffer bytes, int offset) {
    return (bytes.get(offset) & GROUP) != 0;
  }

  /** The six bytes of an address. In which order does not matter here. */
  private static long address(ByteBuffer bytes, int offset) {
    return (Integer.toUnsignedLong(bytes.getInt(offset)) << Short.SIZE)
        | Short.toUnsignedLong(bytes.getShort(offset + Integer.BYTES));
  }

  /** The number of the VLAN that a frame is tagged with, or 0. */
  private static long vlan(ByteBuffer bytes, int offset, int length) {
    int type = unsigned(bytes, offset + TYPE);
    boolean isTagged = (type == VLAN || type == SERVICE_VLAN) && length >= TAGGED_BYTES;
    return isTagged ? unsigned(bytes, offset + HEADER_BYTES) & VLAN_NUMBER : 0;
  }

  /** Two bytes, the first of which counts more. */
  private static int unsigned(ByteBuffer bytes, int offset) {
    return (Byte.toUnsignedInt(bytes.get(offset)) << Byte.SIZE)
        | Byte.toUnsignedInt(bytes.get(offset + 1));
  }

  /** Passes on what has come, then stops and waits for the thread. The sockets stay open. */
  @Override
  public synchronized void close() {
    isHeld = false;
    halt();
  }

  /**
   * Keeps the frames that a switch sends to all its ends finite, where switches or bridges of
   * guests form a loop. Not thread-safe.
   *
   * <p>A frame that comes from another port than in the last second has gone round: it is dropped,
   * so that each guest gets one copy, and a switch learns addresses from the first. What takes
   * longer to go round, and whatever else a port floods, is held to {@value #FLOODS_PER_SECOND}
   * frames a second.
   */
  static final class FloodGuard {

    static final int FLOODS_PER_SECOND = 20_000;

    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double SECOND = 1e9;
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    /** Of frames, by their hash. */
    private final PortTable seen = new PortTable(REMEMBERED_NANOS);

    private final double[] room;
    private final long[] countedAt;

    FloodGuard(int ports, long now) {
      this.room = new double[ports];
      this.countedAt = new long[ports];
      Arrays.fill(room, FLOODS_PER_SECOND);
      Arrays.fill(countedAt, now);
    }

    /** Whether a frame that came from a port may go to all others. */
    boolean lets(int port, ByteBuffer bytes, int offset, int length, long now) {
      return !hasGoneRound(port, hash(bytes, offset, length), now) && hasRoom(port, now);
    }

    private boolean hasGoneRound(int port, long hash, long now) {
      int before = seen.portOf(hash, now);
      if (before != PortTable.NOWHERE && before != port) {
        return true;
      }
      seen.learn(hash, port, now);
      return false;
    }

    private boolean hasRoom(int port, long now) {
      double filled = room[port] + (now - countedAt[port]) / SECOND * FLOODS_PER_SECOND;
      countedAt[port] = now;
      room[port] = Math.min(filled, FLOODS_PER_SECOND);
      if (room[port] < 1) {
        return false;
      }
      room[port]--;
      return true;
    }

    private static long hash(ByteBuffer bytes, int offset, int length) {
      long hash = length;
      int at = offset;
      for (; at + Long.BYTES <= offset + length; at += Long.BYTES) {
        hash = mixed(hash ^ bytes.getLong(at));
      }
      for (; at < offset + length; at++) {
        hash = mixed(hash ^ bytes.get(at));
      }
      return hash;
    }

    private static long mixed(long word) {
      long product = word * PRIME;
      return product ^ (product >>> 32);
    }
  }
}
