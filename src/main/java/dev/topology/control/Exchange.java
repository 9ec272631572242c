package dev.topology.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One request and what is said in answer to it. Writing blocks as long as the client does not read;
 * it fails once the connection is closed.
 */
final class Exchange {

  /** How many bytes of input may be under way. */
  static final int MOST_INPUT = 256 * 1024;

  private static final int MOST_UNTOLD = 100;

  private final long id;
  private final Outgoing outgoing;
  private final Runnable beforeAnswer;
  private final Chunks input = new Chunks(MOST_INPUT);
  private final List<Consumer<Told>> untold = new ArrayList<>();
  private Optional<Told> told = Optional.empty();

  /** Hears of what the client says beside its input. Must return soon. */
  interface Told {

    /** It wants the program to get a signal. */
    void signal(int number);

    /** The window that shows the program has another size. */
    void window(int rows, int columns);
  }

  /**
   * @param beforeAnswer what is to be done before the client can see that the request is over
   */
  Exchange(long id, Outgoing outgoing, Runnable beforeAnswer) {
    this.id = id;
    this.outgoing = outgoing;
    this.beforeAnswer = beforeAnswer;
  }

  long id() {
    return id;
  }

  /** What the client sends along. */
  Chunks input() {
    return input;
  }

  /** Has somebody hear what the client says, and has said so far. */
  synchronized void onTold(Told listener) {
    told = Optional.of(listener);
    untold.forEach(it -> it.accept(listener));
    untold.clear();
  }

  /**
   * Passes on what the client says; what nobody listens for yet waits.
   *
   * @throws ControlException if too much waits
   */
  synchronized void tell(Consumer<Told> what) throws ControlException {
    if (told.isPresent()) {
      what.accept(told.get());
    } else if (untold.size() < MOST_UNTOLD) {
      untold.add(what);
    } else {
      throw new ControlException(ErrorId.BUSY, "nothing has been started yet", "");
    }
  }

  /** Tells the client that input was taken, for which it may send more. */
  void taken(int bytes) throws IOException {
    outgoing.send(line().put("taken", bytes));
  }

  /** Says something before the answer. */
  void event(ObjectNode event) throws IOException {
    ObjectNode json = line();
    json.set("event", event);
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
  void done(ObjectNode result) throws IOException {
    ObjectNode json = line();
    json.set("ok", result);
    beforeAnswer.run();
    outgoing.send(json);
  }

  /** Answers that it is done, without more to say. */
  void done() throws IOException {
    done(JsonNodeFactory.instance.objectNode());
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
