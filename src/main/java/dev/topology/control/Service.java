package dev.topology.control;

import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Supervisor;
import dev.topology.language.load.ShapingChange;
import dev.topology.model.Shaping;
import dev.topology.run.RunEndedException;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.UnknownNameException;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Does what requests ask of one running topology. Thread-safe. */
final class Service {

  /** How long a request may take. */
  enum Pace {
    /** Takes no time: done between reading one line and the next. */
    AT_ONCE,
    /** Takes up to some seconds; finished even if the client has gone. */
    SEEN_THROUGH,
    /** Takes any time; given up when the client goes. */
    WHILE_WANTED
  }

  private interface Work<R> {
    void perform(R request, Exchange exchange) throws Exception;
  }

  private record Handler<R extends Request>(Class<R> type, Pace pace, Work<R> work) {

    void perform(Request request, Exchange exchange) throws Exception {
      work.perform(type.cast(request), exchange);
    }
  }

  private final RunningTopology topology;
  private final Journal journal;
  private final StatusReport report;
  private final Map<Class<?>, Handler<?>> handlers = new LinkedHashMap<>();

  Service(RunningTopology topology, Supervisor supervisor) {
    this.topology = topology;
    this.journal = Journal.of(topology);
    this.report = new StatusReport(topology, supervisor, journal);
    handle(Request.Status.class, Pace.AT_ONCE, this::status);
    handle(Request.ListCables.class, Pace.AT_ONCE, this::listCables);
    handle(Request.Down.class, Pace.WHILE_WANTED, this::down);
    handle(Request.AwaitReady.class, Pace.WHILE_WANTED, this::awaitReady);
    handle(Request.AwaitEnd.class, Pace.WHILE_WANTED, (request, exchange) -> awaitEnd(exchange));
    handle(Request.Events.class, Pace.WHILE_WANTED, this::events);
    handle(Request.StopNode.class, Pace.SEEN_THROUGH, this::stopNode);
    handle(Request.RestartNode.class, Pace.SEEN_THROUGH, this::restartNode);
    handle(Request.Pause.class, Pace.SEEN_THROUGH, this::pause);
    handle(Request.Resume.class, Pace.SEEN_THROUGH, this::resume);
    Conversation conversation = new Conversation(topology);
    handle(
        Request.Console.class,
        Pace.WHILE_WANTED,
        (request, exchange) -> conversation.console(node(request.node()), exchange));
    handle(
        Request.Window.class,
        Pace.WHILE_WANTED,
        (request, exchange) ->
            conversation.resize(node(request.node()), request.rows(), request.columns(), exchange));
    handle(
        Request.Exec.class,
        Pace.WHILE_WANTED,
        (request, exchange) -> conversation.exec(node(request.node()), request, exchange));
    handle(Request.CutCable.class, Pace.SEEN_THROUGH, this::cut);
    handle(Request.JoinCable.class, Pace.SEEN_THROUGH, this::join);
    handle(Request.ShapeCable.class, Pace.AT_ONCE, this::shape);
    handle(
        Request.CaptureCable.class,
        Pace.WHILE_WANTED,
        (request, exchange) -> conversation.capture(cable(request.cable()), exchange));
  }

  private <R extends Request> void handle(Class<R> type, Pace pace, Work<R> work) {
    handlers.put(type, new Handler<>(type, pace, work));
  }

  String name() {
    return topology.topology().name();
  }

  Pace pace(Request request) {
    return handler(request).pace();
  }

  private Handler<?> handler(Request request) {
    return Objects.requireNonNull(handlers.get(request.getClass()), () -> "no handler: " + request);
  }

  /**
   * Does it and answers.
   *
   * @throws IOException if the client has gone
   */
  void perform(Request request, Exchange exchange) throws IOException, InterruptedException {
    try {
      handler(request).perform(request, exchange);
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      exchange.fail(refusal(e));
    }
  }

  /** The error of the protocol for an exception of the run. */
  private static ControlException refusal(Exception e) {
    return e instanceof ControlException it ? it : new ControlException(id(e), message(e), "", e);
  }

  private static ErrorId id(Exception e) {
    if (e instanceof NodeEndedException) {
      return ErrorId.NODE_ENDED;
    }
    if (e instanceof RunEndedException) {
      return ErrorId.RUN_ENDED;
    }
    if (e instanceof OutOfTimeException) {
      return ErrorId.OUT_OF_TIME;
    }
    // The public methods of a run throw these where its state does not allow a call.
    return e instanceof IllegalStateException || e instanceof IllegalArgumentException
        ? ErrorId.REFUSED
        : ErrorId.BUG;
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
  }

  private void status(Request.Status request, Exchange exchange) throws IOException {
    exchange.done(report.now());
  }

  private void listCables(Request.ListCables request, Exchange exchange) throws IOException {
    exchange.done(new Request.Cables(report.cables()));
  }

  private void down(Request.Down request, Exchange exchange)
      throws IOException, InterruptedException {
    topology.stop();
    awaitEnd(exchange);
  }

  private void awaitReady(Request.AwaitReady request, Exchange exchange)
      throws IOException, InterruptedException {
    topology.awaitReady();
    exchange.done();
  }

  private void awaitEnd(Exchange exchange) throws IOException, InterruptedException {
    TopologyOutcome outcome = topology.awaitOutcome();
    exchange.done(RunEnding.of(outcome));
  }

  private void events(Request.Events request, Exchange exchange)
      throws IOException, InterruptedException {
    Journal.Pages pages = journal.from(0);
    send(pages, exchange);
    while (request.follow() && !pages.isLast()) {
      pages = journal.awaitFrom(pages.next());
      send(pages, exchange);
    }
    exchange.done();
  }

  private static void send(Journal.Pages pages, Exchange exchange) throws IOException {
    for (Event event : pages.events()) {
      exchange.event(event);
    }
  }

  private void stopNode(Request.StopNode request, Exchange exchange)
      throws IOException, InterruptedException, ControlException {
    node(request.node()).stop();
    exchange.done();
  }

  private void restartNode(Request.RestartNode request, Exchange exchange)
      throws IOException, InterruptedException, ControlException {
    node(request.node()).restart();
    exchange.done();
  }

  private void pause(Request.Pause request, Exchange exchange)
      throws IOException, InterruptedException, ControlException {
    for (RunningNode node : nodes(request.nodes())) {
      node.pause();
    }
    exchange.done();
  }

  private void resume(Request.Resume request, Exchange exchange)
      throws IOException, InterruptedException, ControlException {
    for (RunningNode node : nodes(request.nodes())) {
      node.resume();
    }
    exchange.done();
  }

  private void cut(Request.CutCable request, Exchange exchange)
      throws IOException, InterruptedException, ControlException {
    cable(request.cable()).cut();
    exchange.done();
  }

  private void join(Request.JoinCable request, Exchange exchange)
      throws IOException, InterruptedException, ControlException {
    cable(request.cable()).join();
    exchange.done();
  }

  private void shape(Request.ShapeCable request, Exchange exchange)
      throws IOException, ControlException {
    RunningCable cable = cable(request.cable());
    try {
      ShapingChange change = ShapingChange.parse(request.settings());
      // A cable without a shaper refuses this.
      cable.shape(change.applyTo(cable.shaping().orElse(Shaping.NONE)));
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorId.BAD_FIELD, String.valueOf(e.getMessage()), "", e);
    }
    exchange.done(StatusReport.cable(cable));
  }

  /** The nodes of those names, each known before anything is done; without any, all that run. */
  private List<RunningNode> nodes(List<String> names) throws ControlException {
    if (names.isEmpty()) {
      return topology.nodes().stream().filter(Service::isRunning).toList();
    }
    List<RunningNode> nodes = new ArrayList<>();
    for (String name : names) {
      nodes.add(node(name));
    }
    return nodes;
  }

  private static boolean isRunning(RunningNode node) {
    return node.state() == NodeState.STARTED || node.state() == NodeState.READY;
  }

  private RunningNode node(String name) throws ControlException {
    try {
      return topology.node(name);
    } catch (UnknownNameException e) {
      throw new ControlException(ErrorId.UNKNOWN_NODE, message(e), "", e);
    }
  }

  private RunningCable cable(String name) throws ControlException {
    try {
      return topology.cable(name);
    } catch (UnknownNameException e) {
      throw new ControlException(ErrorId.UNKNOWN_CABLE, message(e), "", e);
    }
  }
}
