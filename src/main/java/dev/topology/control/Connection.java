package dev.topology.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Service.Pace;
import dev.topology.run.node.ByteQueue;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/**
 * The server's side of one connection: reads requests, on a thread of its own, and has them
 * performed.
 *
 * <p>A client that sends much and reads nothing stops itself: this thread writes the answers to
 * requests that take no time, and reads nothing meanwhile.
 */
final class Connection implements Runnable {

  /** How many requests that take time may be under way. */
  static final int MOST_REQUESTS = 16;

  private static final long LARGEST_ID = 1L << 53;

  private final SocketChannel channel;
  private final Service service;
  private final ExecutorService workers;
  private final JsonLines lines;
  private final Map<Long, UnderWay> underWay = new ConcurrentHashMap<>();
  private final Limits limits;
  private volatile long lastHeard = System.nanoTime();

  private record UnderWay(Pace pace, Future<?> task, Exchange exchange) {}

  /** What a connection needs of the server. */
  interface Limits {

    /** Whether one more connection may have a request without a limit of time. */
    boolean mayHold(Connection connection);

    /** Reports a fault of this program. */
    void crashed(Error fault);
  }

  Connection(SocketChannel channel, Service service, ExecutorService workers, Limits limits) {
    this.channel = channel;
    this.limits = limits;
    this.service = service;
    this.workers = workers;
    this.lines = new JsonLines(channel);
  }

  @Override
  public void run() {
    try (channel) {
      lines.send(greeting());
      while (takeNext()) {
        // Until the client has gone.
      }
    } catch (IOException gone) {
      // The client has gone.
    } finally {
      underWay.values().forEach(Connection::giveUp);
    }
  }

  /** Whether every request has been answered. */
  boolean isIdle() {
    return underWay.isEmpty();
  }

  /** Whether it has a request without a limit of time. */
  boolean isHeld() {
    return underWay.values().stream().anyMatch(it -> it.pace() == Pace.WHILE_WANTED);
  }

  /** The time since its last line. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastHeard);
  }

  /** Ends it at once. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is written after this.
    }
  }

  private ObjectNode greeting() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("topology-control", 1)
        .put("name", service.name())
        .put("pid", ProcessHandle.current().pid());
  }

  private static void giveUp(UnderWay request) {
    if (request.pace() == Pace.WHILE_WANTED) {
      request.task().cancel(true);
    }
  }

  /** Takes a line; false at the end of the connection. */
  private boolean takeNext() throws IOException {
    Optional<Exchange> exchange = Optional.empty();
    try {
      Optional<ObjectNode> line = nextLine();
      if (line.isEmpty()) {
        return false;
      }
      ObjectNode json = line.get();
      if (json.has("input")) {
        takeInput(json);
        return true;
      }
      if (!json.has("do") && (json.has("signal") || json.has("rows"))) {
        tell(json);
        return true;
      }
      exchange = Optional.of(new Exchange(id(json), lines, () -> {}));
      begin(Request.read(json), exchange.get());
    } catch (ControlException e) {
      refuse(e, exchange);
    }
    return true;
  }

  private Optional<ObjectNode> nextLine() throws IOException, ControlException {
    try {
      return lines.next();
    } finally {
      lastHeard = System.nanoTime();
    }
  }

  /** Too late for a request that is over; no error, as its sender could not know. */
  private void tell(ObjectNode json) throws ControlException {
    Exchange.Aside aside =
        json.has("signal")
            ? RecordJson.readStrictly(Exchange.SendSignal.class, json)
            : RecordJson.readStrictly(Exchange.Resize.class, json);
    Optional<UnderWay> request = Optional.ofNullable(underWay.get(number(json)));
    if (request.isPresent()) {
      request.get().exchange().tell(aside);
    }
  }

  /** Input for a request that is over is dropped; no error, as its sender could not know. */
  private void takeInput(ObjectNode json) throws ControlException, IOException {
    Optional<UnderWay> request = Optional.ofNullable(underWay.get(number(json)));
    if (request.isEmpty()) {
      return;
    }
    ByteQueue input = request.get().exchange().input();
    if (json.get("input").isNull()) {
      input.end();
      return;
    }
    byte[] bytes = JsonLines.bytes(json.get("input"));
    if (!input.offer(bytes)) {
      throw new ControlException(
          ErrorId.BUSY, "more than " + Exchange.MOST_INPUT + " bytes of input at once", "");
    }
  }

  private static long id(ObjectNode json) throws ControlException {
    long id = number(json);
    if (!json.path("do").isTextual()) {
      throw new ControlException(ErrorId.MALFORMED, "\"do\" has to be a text", "");
    }
    return id;
  }

  private static long number(ObjectNode json) throws ControlException {
    JsonNode id = json.path("id");
    boolean isNumber = id.isIntegralNumber() && id.canConvertToLong();
    if (!isNumber || id.longValue() < 0 || id.longValue() >= LARGEST_ID) {
      throw new ControlException(
          ErrorId.MALFORMED, "\"id\" has to be a whole number from 0 to 2^53 - 1", "");
    }
    return id.longValue();
  }

  private void refuse(ControlException refusal, Optional<Exchange> exchange) throws IOException {
    if (exchange.isPresent()) {
      exchange.get().fail(refusal);
    } else {
      lines.send(refusal(refusal));
    }
  }

  /** The answer to a line without a usable id. */
  static ObjectNode refusal(ControlException refusal) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().putNull("id");
    json.set("error", Exchange.error(refusal));
    return json;
  }

  private void begin(Request<?> request, Exchange exchange) throws ControlException, IOException {
    if (underWay.containsKey(exchange.id())) {
      throw new ControlException(
          ErrorId.ID_IN_USE, "request " + exchange.id() + " is still under way", "");
    }
    Pace pace = service.pace(request);
    if (pace == Pace.AT_ONCE) {
      performAtOnce(request, exchange);
    } else if (pace == Pace.WHILE_WANTED
        && !(request instanceof Request.Down)
        && !limits.mayHold(this)) {
      throw new ControlException(
          ErrorId.BUSY,
          ControlServer.MOST_HELD + " other connections wait for something, which is the most",
          "end one of them");
    } else if (underWay.size() < MOST_REQUESTS) {
      start(request, exchange.id(), pace);
    } else {
      String most = MOST_REQUESTS + " requests are under way on this connection, which is the most";
      throw new ControlException(ErrorId.BUSY, most, "wait for one to be answered");
    }
  }

  private void performAtOnce(Request<?> request, Exchange exchange) throws IOException {
    try {
      service.perform(request, exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (Error fault) {
      answer(fault, exchange);
    }
  }

  /** Too little memory or too few threads: the request fails, the run goes on. */
  private void answer(Error fault, Exchange exchange) throws IOException {
    if (fault instanceof OutOfMemoryError) {
      exchange.fail(
          new ControlException(
              ErrorId.BUSY, "this host has no memory or no thread left for it", "try it again"));
    } else {
      limits.crashed(fault);
      exchange.fail(new ControlException(ErrorId.BUG, String.valueOf(fault), "", fault));
    }
  }

  private void start(Request<?> request, long id, Pace pace) throws ControlException {
    Exchange exchange = new Exchange(id, lines, () -> underWay.remove(id));
    FutureTask<Void> task = new FutureTask<>(() -> perform(request, exchange), null);
    underWay.put(id, new UnderWay(pace, task, exchange));
    try {
      workers.execute(task);
    } catch (RejectedExecutionException closing) {
      underWay.remove(id);
      throw new ControlException(ErrorId.RUN_ENDED, "the topology has ended", "", closing);
    } catch (OutOfMemoryError noThread) {
      underWay.remove(id);
      throw new ControlException(
          ErrorId.BUSY, "this host has no thread left for it", "try it again", noThread);
    }
  }

  private void perform(Request<?> request, Exchange exchange) {
    try {
      try {
        service.perform(request, exchange);
      } catch (Error fault) {
        answer(fault, exchange);
      }
    } catch (IOException gone) {
      // The client has gone; the reading thread sees that too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
