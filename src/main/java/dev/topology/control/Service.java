package dev.topology.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.topology.language.load.ShapingChange;
import dev.topology.model.Shaping;
import dev.topology.run.NodeState;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.UnknownNameException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Does what requests ask of one running topology. Thread-safe. */
final class Service {

  /** What doing a request is like for whoever does it. */
  enum Pace {
    /** Takes no time: done between reading one line and the next. */
    AT_ONCE,
    /** Takes up to some seconds, and is seen through even if nobody waits for the answer. */
    SEEN_THROUGH,
    /** Takes as long as somebody wants it. */
    WHILE_WANTED
  }

  private interface Work<R> {
    void perform(R request, Exchange exchange) throws Exception;
  }

  private record Duty<R extends Request>(Class<R> type, Pace pace, Work<R> work) {

    void perform(Request request, Exchange exchange) throws Exception {
      work.perform(type.cast(request), exchange);
    }
  }

  private final RunningTopology topology;
  private final Journal journal;
  private final StatusReport report;
  private final Map<Class<?>, Duty<?>> duties = new LinkedHashMap<>();

  Service(RunningTopology topology, Supervisor supervisor) {
    this.topology = topology;
    this.journal = Journal.of(topology);
    this.report = new StatusReport(topology, supervisor, journal);
    assume(Request.Status.class, Pace.AT_ONCE, this::status);
    assume(Request.ListCables.class, Pace.AT_ONCE, this::listCables);
    assume(Request.Down.class, Pace.WHILE_WANTED, this::down);
    assume(Request.AwaitReady.class, Pace.WHILE_WANTED, this::awaitReady);
    assume(Request.AwaitEnd.class, Pace.WHILE_WANTED, (request, exchange) -> awaitEnd(exchange));
    assume(Request.Events.class, Pace.WHILE_WANTED, this::events);
    assume(Request.StopNode.class, Pace.SEEN_THROUGH, this::stopNode);
    assume(Request.RestartNode.class, Pace.SEEN_THROUGH, this::restartNode);
    assume(Request.Pause.class, Pace.SEEN_THROUGH, this::pause);
    assume(Request.Resume.class, Pace.SEEN_THROUGH, this::resume);
    Conversation conversation = new Conversation(topology);
    assume(
        Request.Console.class,
        Pace.WHILE_WANTED,
        (request, exchange) -> conversation.console(node(request.node()), exchange));
    assume(
        Request.Window.class,
        Pace.WHILE_WANTED,
        (request, exchange) ->
            conversation.resize(node(request.node()), request.rows(), request.columns(), exchange));
    assume(
        Request.Exec.class,
        Pace.WHILE_WANTED,
        (request, exchange) -> conversation.exec(node(request.node()), request, exchange));
    assume(Request.CutCable.class, Pace.SEEN_THROUGH, this::cut);
    assume(Request.JoinCable.class, Pace.SEEN_THROUGH, this::join);
    assume(Request.ShapeCable.class, Pace.AT_ONCE, this::shape);
    CableTap tap = new CableTap(topology);
    assume(
        Request.CaptureCable.class,
        Pace.WHILE_WANTED,
        (request, exchange) -> tap.capture(cable(request.cable()), exchange));
  }

  private <R extends Request> void assume(Class<R> type, Pace pace, Work<R> work) {
    duties.put(type, new Duty<>(type, pace, work));
  }

  String name() {
    return topology.topology().name();
  }

  Pace pace(Request request) {
    return duty(request).pace();
  }

  private Duty<?> duty(Request request) {
    return Objects.requireNonNull(duties.get(request.getClass()), () -> "no duty: " + request);
  }

  /**
   * Does it and answers.
   *
   * @throws IOException if the client has gone
   */
  void perform(Request request, Exchange exchange) throws IOException, InterruptedException {
    try {
      duty(request).perform(request, exchange);
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      exchange.fail(Refusal.of(e));
    }
  }

  private void status(Request.Status request, Exchange exchange) throws IOException {
    exchange.done(report.now().json());
  }

  private void listCables(Request.ListCables request, Exchange exchange) throws IOException {
    ArrayNode cables = JsonNodeFactory.instance.arrayNode();
    report.cables().forEach(cable -> cables.add(cable.json()));
    exchange.done(JsonNodeFactory.instance.objectNode().set("cables", cables));
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
    exchange.done(Ending.of(outcome).json());
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
    for (Happening happening : pages.happenings()) {
      exchange.event(happening.json());
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
      // A plain wire has nothing that could be changed, and says so.
      cable.shape(change.applyTo(cable.shaping().orElse(Shaping.NONE)));
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorId.BAD_FIELD, String.valueOf(e.getMessage()), "", e);
    }
    exchange.done(StatusReport.cable(cable).json());
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
      throw Refusal.unknown(ErrorId.UNKNOWN_NODE, e);
    }
  }

  private RunningCable cable(String name) throws ControlException {
    try {
      return topology.cable(name);
    } catch (UnknownNameException e) {
      throw Refusal.unknown(ErrorId.UNKNOWN_CABLE, e);
    }
  }
}
