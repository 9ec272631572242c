package dev.topology.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.TopologyStatus.CableStatus;
import java.lang.reflect.ParameterizedType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client can ask of a running topology. Each request is one record: its {@code NAME} is the
 * {@code "do"} of the line, and its components are the other fields ({@link RecordJson}). To add a
 * request, add a record here and a method that takes it to {@link Service}.
 *
 * @param <A> the answer
 */
public sealed interface Request<A extends Record> {

  /** How it is. */
  record Status() implements Request<TopologyStatus> {
    static final String NAME = "status";
  }

  /** To end. Answered once nothing of it is left. */
  record Down() implements Request<RunEnding> {
    static final String NAME = "down";
  }

  /** To say when every node is ready. */
  record AwaitReady() implements Request<Done> {
    static final String NAME = "await.ready";
  }

  /** To say when it is over, and how it ended. */
  record AwaitEnd() implements Request<RunEnding> {
    static final String NAME = "await.end";
  }

  /**
   * What has happened, as a stream of {@link Event}s.
   *
   * @param follow whether to go on with what will happen, until it is over
   */
  record Events(boolean follow) implements Request<Done> {
    static final String NAME = "events";
  }

  /** To end a node; the others run on. */
  record StopNode(String node) implements Request<Done> {
    static final String NAME = "node.stop";
  }

  /** To boot a node again, whether it runs or has ended. */
  record RestartNode(String node) implements Request<Done> {
    static final String NAME = "node.restart";
  }

  /** To hold guests, whose clocks stand still from then on; without {@code nodes}, all that run. */
  record Pause(List<String> nodes) implements Request<Done> {
    static final String NAME = "node.pause";
  }

  /** To let guests go on; without {@code nodes}, all that were started. */
  record Resume(List<String> nodes) implements Request<Done> {
    static final String NAME = "node.resume";
  }

  /**
   * A node's console: what it printed last and prints from now on comes as data, and what the
   * client sends as input is typed there, until the client goes away or the run is over.
   */
  record Console(String node) implements Request<Done> {
    static final String NAME = "node.console";
  }

  /**
   * To give a node's console the size of the window that shows it, for the programs that run there;
   * with several windows, the last request counts. Refused by guests without an agent, and where
   * the node is not ready within a minute.
   *
   * @param rows 1 to 65535
   * @param columns 1 to 65535
   */
  record Window(String node, int rows, int columns) implements Request<Done> {
    static final String NAME = "node.window";
  }

  /**
   * To run a program in a node. Its output comes as data, and what the client sends is its input.
   *
   * @param terminal what TERM says, if it is to run on a terminal; then it has a size, too
   * @param rows 1 to 65535
   * @param columns 1 to 65535
   */
  record Exec(
      String node,
      List<String> command,
      Optional<String> terminal,
      Optional<Integer> rows,
      Optional<Integer> columns)
      implements Request<Exited> {
    static final String NAME = "node.exec";

    public Exec {
      if (terminal.isPresent() != rows.isPresent() || rows.isPresent() != columns.isPresent()) {
        throw new IllegalArgumentException("\"terminal\", \"rows\" and \"columns\" go together");
      }
    }

    /** Without a terminal. */
    public Exec(String node, List<String> command) {
      this(node, command, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** On a terminal of a type and size. */
    public Exec(String node, List<String> command, String terminal, int rows, int columns) {
      this(node, command, Optional.of(terminal), Optional.of(rows), Optional.of(columns));
    }
  }

  /**
   * How a program ended.
   *
   * @param status its exit status, 0 to 255
   */
  record Exited(int status) {}

  /**
   * To copy a file or directory of the host into a node.
   *
   * @param source absolute
   */
  record CopyTo(String node, String source, String target) implements Request<Copied> {
    static final String NAME = "node.copy.to";
  }

  /**
   * To copy a file or directory of a node to the host.
   *
   * @param target absolute
   */
  record CopyFrom(String node, String source, String target) implements Request<Copied> {
    static final String NAME = "node.copy.from";
  }

  /** What was left out of a directory that was copied: devices, pipes and sockets. */
  record Copied(List<String> skipped) {}

  /**
   * To bring the topology to what a file says now; the file's text comes as input. Answered when
   * the nodes that start are being started.
   *
   * @param name what the file is called in messages
   * @param directory where relative paths in it start; absolute
   * @param environment the variables of the client, each {@code NAME=VALUE}
   * @param only the nodes that are meant; all without any
   * @param dry whether only to say what would be done
   */
  record Apply(
      String name, String directory, List<String> environment, List<String> only, boolean dry)
      implements Request<Applied> {
    static final String NAME = "apply";
  }

  /** What was done, in words; nothing if the file says what runs. */
  record Applied(List<String> changes) {}

  /**
   * To save the run as it is.
   *
   * @param directory where the checkpoint is to be; absolute
   * @param replace whether one that is there is replaced
   */
  record Checkpoint(String directory, boolean replace) implements Request<Saved> {
    static final String NAME = "checkpoint";
  }

  /**
   * What was saved.
   *
   * @param bytes of its files
   */
  record Saved(long bytes) {}

  /** How the cables are. */
  record ListCables() implements Request<Cables> {
    static final String NAME = "cable.list";
  }

  /** In the order of the file. */
  record Cables(List<CableStatus> cables) {}

  /** To cut a cable: its guests see that the carrier is gone. */
  record CutCable(String cable) implements Request<Done> {
    static final String NAME = "cable.cut";
  }

  /** To join a cable that was cut. */
  record JoinCable(String cable) implements Request<Done> {
    static final String NAME = "cable.join";
  }

  /**
   * To change what the shaper of a cable does; the answer is how the cable is then.
   *
   * @param settings each {@code KEY=VALUE} of a cable in a file; the others stay as they are
   */
  record ShapeCable(String cable, List<String> settings) implements Request<CableStatus> {
    static final String NAME = "cable.shape";
  }

  /**
   * What passes a cable from now on, as data that make up a pcap file, until the client goes away
   * or the run is over.
   */
  record CaptureCable(String cable) implements Request<Captured> {
    static final String NAME = "cable.capture";
  }

  /**
   * What a capture has seen.
   *
   * @param frames how many it holds
   * @param dropped how many it lacks, because the client read too slowly
   */
  record Captured(long frames, long dropped) {}

  /** The answer of a request that has done all when it is answered. */
  record Done() {}

  /** The line of a request. */
  static ObjectNode write(long id, Request<?> request) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id);
    return RecordJson.write((Record) request, json.put("do", name(request.getClass())));
  }

  /**
   * The request of a line.
   *
   * @throws ControlException if there is no such request, or a field is wrong
   */
  static Request<?> read(ObjectNode json) throws ControlException {
    String name = json.path("do").asText();
    Class<?> type = types().get(name);
    if (type == null) {
      throw new ControlException(
          ErrorId.UNKNOWN_REQUEST,
          "there is no request \"" + JsonLines.shortened(name) + "\"",
          "there is " + String.join(", ", types().keySet()));
    }
    return (Request<?>) RecordJson.readStrictly(type.asSubclass(Record.class), json);
  }

  /** The type of a request's answer. */
  @SuppressWarnings("unchecked") // Each request is a record that implements this interface alone.
  static <A extends Record> Class<A> answer(Request<A> request) {
    ParameterizedType type = (ParameterizedType) request.getClass().getGenericInterfaces()[0];
    return (Class<A>) type.getActualTypeArguments()[0];
  }

  private static Map<String, Class<?>> types() {
    Map<String, Class<?>> types = new LinkedHashMap<>();
    for (Class<?> type : Request.class.getPermittedSubclasses()) {
      types.put(name(type), type);
    }
    return types;
  }

  private static String name(Class<?> type) {
    try {
      return (String) type.getDeclaredField("NAME").get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a request without a name", e);
    }
  }
}
