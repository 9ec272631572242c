package dev.topology.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.run.node.ByteQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One request and its answer. Writing blocks as long as the client does not read; it fails once the
 * connection is closed.
 */
final class Exchange {

  /** How many bytes of input may be under way. */
  static final int MOST_INPUT = 256 * 1024;

  private static final int MOST_UNTOLD = 100;

  private final long id;
  private final JsonLines outgoing;
  private final Runnable beforeAnswer;
  private final ByteQueue input = new ByteQueue(MOST_INPUT);
  private final List<Aside> untold = new ArrayList<>();
  private Optional<Consumer<Aside>> listener = Optional.empty();

  /** What a client can send for a running program, besides input. */
  sealed interface Aside {}

  /** The program is to get a signal. */
  record SendSignal(int signal) implements Aside {}

  /** The window that shows the program has another size. */
  record Resize(int rows, int columns) implements Aside {}

  /**
   * @param beforeAnswer done before the client can see that the request is over
   */
  Exchange(long id, JsonLines outgoing, Runnable beforeAnswer) {
    this.id = id;
    this.outgoing = outgoing;
    this.beforeAnswer = beforeAnswer;
  }

  long id() {
    return id;
  }

  /** The input that the client sends. */
  ByteQueue input() {
    return input;
  }

  /** Sets the listener, and gives it what came before. The listener must return soon. */
  synchronized void onAside(Consumer<Aside> heard) {
    listener = Optional.of(heard);
    untold.forEach(heard);
    untold.clear();
  }

  /**
   * Passes on what the client says; without a listener it waits.
   *
   * @throws ControlException if too much waits
   */
  synchronized void tell(Aside aside) throws ControlException {
    if (listener.isPresent()) {
      listener.get().accept(aside);
    } else if (untold.size() < MOST_UNTOLD) {
      untold.add(aside);
    } else {
      throw new ControlException(ErrorId.BUSY, "nothing has been started yet", "");
    }
  }

  /** Tells the client that input was taken, for which it may send more. */
  void taken(int bytes) throws IOException {
    outgoing.send(line().put("taken", bytes));
  }

  /** Says something before the answer. */
  void event(Event event) throws IOException {
    ObjectNode json = line();
    json.set("event", RecordJson.write(event));
    outgoing.send(json);
  }

  /** Gives bytes before the answer. */
  void data(byte[] bytes) throws IOException {
    outgoing.send(line().put("data", Base64.getEncoder().encodeToString(bytes)));
  }

  /** Gives bytes of one of several streams before the answer. */
  void data(String stream, byte[] bytes) throws IOException {
    String text = Base64.getEncoder().encodeToString(bytes);
    outgoing.send(line().put("stream", stream).put("data", text));
  }

  /** Answers that it is done. */
  void done(Record answer) throws IOException {
    ObjectNode json = line();
    json.set("ok", RecordJson.write(answer));
    beforeAnswer.run();
    outgoing.send(json);
  }

  /** Answers that it is not done. */
  void fail(ControlException failure) throws IOException {
    ObjectNode json = line();
    json.set("error", error(failure));
    beforeAnswer.run();
    outgoing.send(json);
  }

  static ObjectNode error(ControlException failure) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", failure.id().text())
        .put("message", failure.getMessage())
        .put("hint", failure.hint());
  }

  private ObjectNode line() {
    return JsonNodeFactory.instance.objectNode().put("id", id);
  }
}
