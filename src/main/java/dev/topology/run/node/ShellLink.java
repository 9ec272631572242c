package dev.topology.run.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.console.GuestText;
import dev.topology.plan.guest.AgentFrame;
import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.plan.guest.AgentFrame.Header;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.NodeWaiter.Deadline;
import dev.topology.run.node.RunException.GuestAgentException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The host's side of {@code topology.shell}, over which the agent in the guest runs programs and
 * listens: see {@link AgentFrame}. Read from the first use on; until then what the guest says waits
 * in the socket.
 *
 * <p>No more is kept of what a guest sends than it was given credit for. A guest that does not
 * follow the protocol breaks the link, and its node fails.
 */
public final class ShellLink extends Reader {

  /**
   * Something that has an id in the protocol, and takes the frames with that id. Called by the
   * reading thread.
   */
  public interface Endpoint {

    /**
     * Takes a frame. Never waits.
     *
     * @throws BadFrameException if that is none for it
     */
    void take(AgentFrame frame);

    /**
     * Nothing more will come.
     *
     * @param reason an {@link EOFException} where QEMU is gone or the link is broken; a {@link
     *     GuestAgentException} where the agent has restarted
     */
    void lost(Exception reason);
  }

  /** The ids that a guest gives out have this bit, and count up from it. */
  private static final long GUEST_IDS = 1L << 31;

  private static final int SEED_BYTES = 32;
  private static final long TO_FIND_AGENT_MILLIS = 500;
  private static final long TO_SET_CLOCK_MILLIS = 5000;

  /** How many bytes may wait to be sent; one frame may always. */
  private static final int MOST_WAITING = 256 * 1024;

  private final String node;
  private final SocketStream socket;
  private final Outlet outlet;
  private final CompletableFuture<Void> served = new CompletableFuture<>();
  private final Map<Long, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private volatile long nextGuestId = GUEST_IDS;
  private volatile boolean isRestored;

  public ShellLink(String node, SocketStream socket) {
    super("shell-" + node, socket);
    this.node = node;
    this.socket = socket;
    this.outlet = new Outlet("to-shell-" + node, socket, MOST_WAITING);
  }

  public String node() {
    return node;
  }

  /** Completes when the guest says that it serves the port. */
  public CompletableFuture<Void> served() {
    return served;
  }

  /** The guest is gone: nothing more is sent to it, and waiting threads are woken. */
  void hangUp() {
    outlet.end();
  }

  /** Says no more to the guest, until it is {@linkplain #release released}. */
  public void hold() {
    outlet.hold();
  }

  /** Says again what there is to say. */
  public void release() {
    outlet.release();
  }

  /** Whether nothing is on its way to the guest, now that it is {@linkplain #hold held}. */
  public boolean isQuiet() throws IOException {
    return !outlet.isSending() && socket.isTaken();
  }

  /** The last id that was used; 0 for none. */
  public long lastId() {
    return lastId.get();
  }

  /**
   * Its guest goes on from where it was saved, and its agent knows of what was then. To be said
   * before anything is read.
   *
   * @param formerId the last id that was used then
   */
  public void goOnAfter(long formerId) {
    lastId.set(formerId);
    isRestored = true;
  }

  /** Whether the agent was there when its guest was saved. */
  boolean isRestored() {
    return isRestored;
  }

  /** Has an agent that was saved forget what was: programs end, connections are reset. */
  void beginAnew() {
    startOnce();
    sendAtOnce(AgentFrame.hello());
  }

  /** An id for something that is about to be asked for. */
  public long nextId() {
    return lastId.incrementAndGet();
  }

  /** Gives the endpoint what comes for this id, until {@link #forget}. */
  public void join(long id, Endpoint endpoint) {
    endpoints.put(id, endpoint);
    if (ended().isDone()) {
      endpoint.lost(gone());
    }
  }

  /** The same for an id that the guest gave out, which has to be the next one. */
  void joinAccepted(long id, Endpoint endpoint) {
    if (id != nextGuestId) {
      throw new BadFrameException("a connection of id " + id);
    }
    nextGuestId = id + 1;
    join(id, endpoint);
  }

  /** Drops what still comes for this id. */
  public void forget(long id) {
    endpoints.remove(id);
  }

  /**
   * Waits until there is room for a frame. It is taken whole or not at all, so that a wait that is
   * given up leaves nothing behind.
   *
   * @return whether it was taken, in time; never once QEMU is gone
   */
  public boolean send(AgentFrame frame, Deadline deadline) throws InterruptedException {
    return outlet.writeWhole(frame.bytes(), deadline);
  }

  /** Sends a small frame without waiting. A guest that reads nothing breaks the link. */
  public void sendAtOnce(AgentFrame frame) {
    if (!outlet.writeAtOnce(frame.bytes())) {
      broke("the guest reads nothing on topology.shell");
    }
  }

  /**
   * Sends a request that is answered by done or failed.
   *
   * @return completes when it is done; exceptionally with a {@link GuestAgentException} if it is
   *     not, or with an {@link IOException} once QEMU is gone
   */
  CompletableFuture<Void> ask(AgentFrame request) {
    Answer answer = new Answer(request.id());
    join(request.id(), answer);
    sendAtOnce(request);
    return answer.done;
  }

  /**
   * Sets the guest's clock to the host's time, and gives its random number generator new entropy,
   * once it serves the port: the clock of a paused guest stands still.
   *
   * @return completes as {@link #ask} does; never where nothing serves the port
   */
  public CompletableFuture<Void> setClock() {
    startOnce();
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    return served.thenCompose(done -> ask(AgentFrame.clock(nextId(), Instant.now(), seed)));
  }

  /**
   * The same, but waits until it is done: half a second where nothing serves the port, and five
   * seconds at the most. That it cannot be done is no failure.
   */
  public void awaitClockSet() throws InterruptedException {
    CompletableFuture<Void> set = setClock();
    try {
      // What an agent says first is there already: without one, nothing more is waited for.
      served.get(TO_FIND_AGENT_MILLIS, TimeUnit.MILLISECONDS);
      set.get(TO_SET_CLOCK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException noAgentOrNoGuest) {
      // The guest runs.
    }
  }

  private final class Answer implements Endpoint {

    private final long id;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Answer(long id) {
      this.id = id;
    }

    @Override
    public void take(AgentFrame frame) {
      forget(id);
      switch (frame.type()) {
        case DONE -> done.complete(null);
        case FAILED -> done.completeExceptionally(refusal(frame));
        default -> throw new BadFrameException("an answer that is " + frame);
      }
    }

    @Override
    public void lost(Exception reason) {
      done.completeExceptionally(reason);
    }
  }

  /** What a guest says cannot be done. */
  public GuestAgentException refusal(AgentFrame failed) {
    GuestText reason = GuestText.line(new String(failed.payload(), UTF_8));
    return new GuestAgentException(node, "the guest of " + node + " says: " + reason, null);
  }

  @Override
  void read() throws IOException {
    InputStream in = new BufferedInputStream(socket.input(), 2 * AgentFrame.MOST_FROM_GUEST);
    try {
      if (isRestored && skipToGreeting(in)) {
        greet(AgentFrame.GREETING);
      }
      byte[] header = in.readNBytes(AgentFrame.HEADER_BYTES);
      while (header.length == AgentFrame.HEADER_BYTES) {
        Header of = Header.parse(header);
        byte[] payload = in.readNBytes(of.length());
        if (payload.length < of.length()) {
          return;
        }
        receive(new AgentFrame(of.type(), of.stream(), of.id(), payload));
        header = in.readNBytes(AgentFrame.HEADER_BYTES);
      }
    } finally {
      outlet.end();
      loseAll(gone());
    }
  }

  /** What was on its way when the guest was saved is for nobody, and begins with half a frame. */
  private static boolean skipToGreeting(InputStream in) throws IOException {
    byte[] greeting = AgentFrame.hello().bytes();
    int known = 0;
    while (known < greeting.length) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      if (next != Byte.toUnsignedInt(greeting[known])) {
        known = 0;
      }
      known += next == Byte.toUnsignedInt(greeting[known]) ? 1 : 0;
    }
    return true;
  }

  private void loseAll(Exception reason) {
    for (Long id : List.copyOf(endpoints.keySet())) {
      Endpoint endpoint = endpoints.remove(id);
      if (endpoint != null) {
        endpoint.lost(reason);
      }
    }
  }

  private static EOFException gone() {
    return new EOFException("its QEMU is gone");
  }

  private void receive(AgentFrame frame) {
    if (frame.type() == AgentFrame.Type.HELLO) {
      greet(new String(frame.payload(), UTF_8));
      return;
    }
    Endpoint endpoint = endpoints.get(frame.id());
    if (endpoint != null) {
      endpoint.take(frame);
    } else if (!isKnown(frame.id()) || !served.isDone()) {
      throw new BadFrameException(frame.toString());
    }
  }

  /** Frames with an id may still be under way when it is not used here any more. */
  private boolean isKnown(long id) {
    return id >= GUEST_IDS ? id < nextGuestId : id > 0 && id <= lastId.get();
  }

  private void greet(String greeting) {
    if (!greeting.equals(AgentFrame.GREETING)) {
      throw new BadFrameException("the greeting \"" + GuestText.line(greeting) + "\"");
    }
    if (!served.complete(null)) {
      // A restarted agent knows nothing of what was before.
      loseAll(new GuestAgentException(node, "the agent in " + node + " began anew", null));
      nextGuestId = GUEST_IDS;
    }
  }

  @Override
  public void close() {
    super.close();
    outlet.close();
  }
}
