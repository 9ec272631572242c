package dev.topology.control;

import java.util.List;
import java.util.Optional;

/** What a client can ask of a running topology. */
public sealed interface Request {

  /** How it is: {@link TopologyStatus}. */
  record Status() implements Request {}

  /** To end. Answered once nothing of it is left, with its {@link Ending}. */
  record Down() implements Request {}

  /** To say when every node is ready. */
  record AwaitReady() implements Request {}

  /** To say when it is over, with its {@link Ending}. */
  record AwaitEnd() implements Request {}

  /**
   * What has happened, as a stream of {@link Happening}s.
   *
   * @param follow whether to go on with what will happen, until it is over
   */
  record Events(boolean follow) implements Request {}

  /** To end a node; the others run on. */
  record StopNode(String node) implements Request {}

  /** To boot a node anew, whether it runs or has ended. */
  record RestartNode(String node) implements Request {}

  /** To hold guests, whose clocks stand still from then on; none named: all that run. */
  record Pause(List<String> nodes) implements Request {}

  /** To let guests go on; none named: all that were started. */
  record Resume(List<String> nodes) implements Request {}

  /**
   * A node's console: what it printed last and prints from now on comes as data, and what the
   * client sends is typed there, until the client goes away or the run is over.
   */
  record Console(String node) implements Request {}

  /**
   * To have a node's console be as large as the window it is shown in, for the programs that run
   * there; of several windows, the last one to be told of. Refused by guests that do not serve
   * commands, and where the node is not ready within a minute.
   *
   * @param rows 1 to 65535
   * @param columns 1 to 65535
   */
  record Window(String node, int rows, int columns) implements Request {}

  /**
   * To run a program in a node. Its output comes as data, what the client sends is its input, and
   * the answer has its exit {@code status}.
   *
   * @param terminal if it is to run on one
   */
  record Exec(String node, List<String> command, Optional<Terminal> terminal) implements Request {

    /** Without a terminal. */
    public Exec(String node, List<String> command) {
      this(node, command, Optional.empty());
    }
  }

  /**
   * A terminal for a program.
   *
   * @param type what TERM says
   * @param rows 1 to 65535
   * @param columns 1 to 65535
   */
  record Terminal(String type, int rows, int columns) {}

  /** How the cables are: a list of {@link CableStatus}. */
  record ListCables() implements Request {}

  /** To cut a cable: its guests see that the carrier is gone. */
  record CutCable(String cable) implements Request {}

  /** To join a cable that was cut. */
  record JoinCable(String cable) implements Request {}

  /**
   * To have the shaper of a cable do something else.
   *
   * @param settings each {@code KEY=VALUE} of a cable in a file; the others stay as they are
   */
  record ShapeCable(String cable, List<String> settings) implements Request {}

  /**
   * What passes a cable from now on, as data that make up a pcap file, until the client goes away
   * or the run is over.
   */
  record CaptureCable(String cable) implements Request {}
}
