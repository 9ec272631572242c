package dev.topology.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.ControlException.ErrorId;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Semaphore;

/**
 * A connection to a running topology, for one request after the other.
 *
 * <p>Calls block until they are answered, however long that takes; closing it from another thread
 * ends them. Not thread-safe otherwise.
 */
public final class ControlClient implements AutoCloseable {

  /** A supervisor answers at once, unless it was stopped (SIGSTOP). */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long PAUSE_MILLIS = 100;

  private static final int INPUT_CHUNK = 16 * 1024;

  /** Receives what comes before an answer. */
  public interface Listener {

    /** Receives an event. */
    default void event(JsonNode event) throws ControlException, IOException {}

    /**
     * Receives bytes.
     *
     * @param stream {@code err} for those of standard error
     */
    default void data(String stream, byte[] bytes) throws IOException {}

    /** So many bytes of input were taken; a program has read them. */
    default void taken(int bytes) throws IOException {}
  }

  private final SocketChannel channel;
  private final JsonLines lines;

  /** For bytes of input that may be under way. */
  private final Semaphore room = new Semaphore(Exchange.MOST_INPUT);

  private volatile long lastId;
  private long pid;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
    this.lines = new JsonLines(channel);
  }

  /**
   * Begins, on a thread of its own, what takes longest about the first connection of a JVM, for
   * programs that have something else to do before they connect. Returns at once.
   */
  public static void prepare() {
    Thread loader = new Thread(ControlClient::load, "control-loader");
    loader.setDaemon(true);
    loader.start();
  }

  private static void load() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      JsonLines.read("{}".getBytes(UTF_8));
      ControlSocket.isOurs(channel);
    } catch (IOException | ControlException e) {
      // It has no peer, or there are no sockets; the first connection says so.
    }
  }

  /**
   * Connects to the topology that holds a run directory.
   *
   * @return empty if no process listens there, or no longer when it should greet
   * @throws ControlException if the peer refuses this client, or does not speak this protocol; with
   *     {@link ErrorId#OUT_OF_TIME} if it says nothing for five seconds
   */
  public static Optional<ControlClient> connect(Path directory) throws ControlException {
    long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return connectOnce(directory);
      } catch (ControlException e) {
        if (e.id() != ErrorId.BUSY || System.nanoTime() > giveUpAt) {
          throw e;
        }
        pause();
      }
    }
  }

  /** Between two attempts to connect to a server that is full. */
  private static void pause() throws ControlException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw lost();
    }
  }

  private static Optional<ControlClient> connectOnce(Path directory) throws ControlException {
    SocketChannel channel;
    try (ControlSocket place = ControlSocket.of(directory)) {
      channel = SocketChannel.open(place.address());
    } catch (IOException nobody) {
      return Optional.empty();
    }
    ControlClient client = new ControlClient(channel);
    boolean begun = false;
    try {
      begun = client.begin(directory);
      return begun ? Optional.of(client) : Optional.empty();
    } finally {
      if (!begun) {
        client.close();
      }
    }
  }

  /** Whether the peer has greeted; it has gone if not, as a topology does that ends just now. */
  private boolean begin(Path directory) throws ControlException {
    Timer patience = new Timer("control-patience", true);
    patience.schedule(giveUp(), PATIENCE.toMillis());
    try {
      if (!ControlSocket.isOurs(channel)) {
        throw new ControlException(
            ErrorId.FOREIGN_USER, directory + " is held by another user's process", "");
      }
      Optional<ObjectNode> line = lines.next();
      if (line.isEmpty()) {
        return false;
      }
      ObjectNode greeting = line.get();
      requireNoError(greeting);
      if (greeting.path("topology-control").asInt() != 1) {
        throw new ControlException(
            ErrorId.MALFORMED,
            "what listens in " + directory + " does not speak version 1 of this protocol",
            "use the same version of topology that brought it up");
      }
      pid = greeting.path("pid").asLong();
      return true;
    } catch (ClosedChannelException e) {
      throw new ControlException(
          ErrorId.OUT_OF_TIME,
          "the supervisor of " + directory.getFileName() + " does not answer",
          "see whether its process was stopped; kill it, and its guests end with it",
          e);
    } catch (IOException reset) {
      return false;
    } finally {
      patience.cancel();
    }
  }

  private TimerTask giveUp() {
    return new TimerTask() {
      @Override
      public void run() {
        close();
      }
    };
  }

  /** The process at the other end. */
  public long pid() {
    return pid;
  }

  /** Asks for something and waits for the answer. */
  public <A extends Record> A call(Request<A> request) throws ControlException {
    try {
      return call(request, new Listener() {});
    } catch (IOException e) {
      throw new IllegalStateException("only a listener throws one", e);
    }
  }

  /**
   * Asks for something; the listener is called, in this thread, for what comes before the answer.
   *
   * @throws IOException if the listener throws it; the answer has not come then
   */
  public <A extends Record> A call(Request<A> request, Listener listener)
      throws ControlException, IOException {
    ask(request);
    return RecordJson.read(Request.answer(request), answer(listener));
  }

  /**
   * The same, for a request that takes input: a thread of its own, {@code control-input}, sends
   * what it reads from the stream, and ends with it or with the connection.
   */
  public <A extends Record> A call(Request<A> request, Listener listener, InputStream input)
      throws ControlException, IOException {
    long id = lastId + 1;
    Thread sender = new Thread(() -> send(id, input), "control-input");
    sender.setDaemon(true);
    ask(request);
    sender.start();
    return RecordJson.read(Request.answer(request), answer(listener));
  }

  private JsonNode answer(Listener listener) throws ControlException, IOException {
    while (true) {
      ObjectNode json = heard();
      requireNoError(json);
      if (json.has("ok")) {
        return json.get("ok");
      }
      if (json.has("event")) {
        listener.event(json.get("event"));
      } else if (json.has("data")) {
        listener.data(json.path("stream").asText(), JsonLines.bytes(json.get("data")));
      } else if (json.has("taken")) {
        room.release(json.get("taken").asInt());
        listener.taken(json.get("taken").asInt());
      }
    }
  }

  private void send(long id, InputStream input) {
    byte[] chunk = new byte[INPUT_CHUNK];
    try {
      for (int count = input.read(chunk); count >= 0; count = input.read(chunk)) {
        room.acquire(count);
        String text = Base64.getEncoder().encodeToString(Arrays.copyOf(chunk, count));
        lines.send(inputLine(id).put("input", text));
      }
      lines.send(inputLine(id).putNull("input"));
    } catch (IOException over) {
      // The thread that waits for the answer sees it, too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a signal to the program of the last call. From any thread. */
  public void signal(int number) {
    tell(new Exchange.SendSignal(number));
  }

  /** Tells the program of the last call the size of its window. From any thread. */
  public void window(int rows, int columns) {
    tell(new Exchange.Resize(rows, columns));
  }

  private void tell(Record aside) {
    try {
      lines.send(RecordJson.write(aside, inputLine(lastId)));
    } catch (IOException over) {
      // The thread that waits for the answer sees it, too.
    }
  }

  private static ObjectNode inputLine(long id) {
    return JsonNodeFactory.instance.objectNode().put("id", id);
  }

  private void ask(Request<?> request) throws ControlException {
    try {
      long id = lastId + 1;
      lastId = id;
      lines.send(Request.write(id, request));
    } catch (IOException e) {
      throw lost();
    }
  }

  private ObjectNode heard() throws ControlException {
    try {
      return lines.next().orElseThrow(ControlClient::lost);
    } catch (IOException e) {
      throw lost();
    }
  }

  private static void requireNoError(ObjectNode json) throws ControlException {
    JsonNode error = json.path("error");
    if (!error.isMissingNode()) {
      throw new ControlException(
          ErrorId.of(error.path("id").asText()),
          error.path("message").asText(),
          error.path("hint").asText());
    }
  }

  private static ControlException lost() {
    return new ControlException(
        ErrorId.LOST, "the topology's supervisor has ended the conversation", "");
  }

  /** Ends the connection, and every call that waits. Idempotent. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing more is to be done with it.
    }
    letTheSenderSeeIt();
  }

  /** It may wait for room that nobody gives any more. */
  private void letTheSenderSeeIt() {
    room.release(INPUT_CHUNK);
  }
}
