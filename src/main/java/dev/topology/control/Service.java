package dev.topology.control;

import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Supervisor;
import dev.topology.control.TopologyStatus.CableStatus;
import dev.topology.language.bind.ShapingChange;
import dev.topology.launch.Checkpoints;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Shaping;
import dev.topology.run.EventLog;
import dev.topology.run.RunningCable;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome.RunEndedException;
import dev.topology.run.UnknownNameException;
import dev.topology.run.node.NodeState;
import dev.topology.run.node.RunException.LaunchException;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.run.node.RunException.OutOfTimeException;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

  /** Marks the method that performs a request, which is its first parameter. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface Performs {
    Pace value();
  }

  private record Handler(Object server, Method method, Pace pace) {

    /** What the method returned: the answer, or null where it has no more to say. */
    @Nullable Object perform(Request<?> request, Exchange exchange) throws Throwable {
      try {
        return method.getParameterCount() == 1
            ? method.invoke(server, request)
            : method.invoke(server, request, exchange);
      } catch (InvocationTargetException e) {
        throw Objects.requireNonNullElse(e.getCause(), e);
      }
    }
  }

  private final RunningTopology topology;
  private final Supervisor supervisor;
  private final StatusReport report;
  private final Map<Class<?>, Handler> handlers = new HashMap<>();

  Service(RunningTopology topology, Supervisor supervisor) {
    this.topology = topology;
    this.supervisor = supervisor;
    this.report = new StatusReport(topology, supervisor);
    addHandlers(this);
    addHandlers(new Conversation(topology));
    addHandlers(new FileChange(topology, supervisor.boots()));
    for (Class<?> request : Request.class.getPermittedSubclasses()) {
      Objects.requireNonNull(handlers.get(request), () -> "nothing performs " + request);
    }
  }

  private void addHandlers(Object server) {
    for (Method method : server.getClass().getDeclaredMethods()) {
      Performs performs = method.getAnnotation(Performs.class);
      if (performs != null) {
        handlers.put(method.getParameterTypes()[0], new Handler(server, method, performs.value()));
      }
    }
  }

  String name() {
    return topology.topology().name();
  }

  Pace pace(Request<?> request) {
    return handler(request).pace();
  }

  private Handler handler(Request<?> request) {
    return Objects.requireNonNull(handlers.get(request.getClass()));
  }

  /**
   * Does it and answers.
   *
   * @throws IOException if the client has gone
   */
  void perform(Request<?> request, Exchange exchange) throws IOException, InterruptedException {
    try {
      Object answer = handler(request).perform(request, exchange);
      exchange.done(answer == null ? new Request.Done() : (Record) answer);
    } catch (IOException | InterruptedException | Error e) {
      throw e;
    } catch (Throwable e) {
      exchange.fail(refusal(e));
    }
  }

  /** The error of the protocol for an exception of the run. */
  private static ControlException refusal(Throwable e) {
    if (e instanceof ControlException it) {
      return it;
    }
    String hint = e instanceof LaunchException launch ? launch.remedy() : "";
    return new ControlException(id(e), message(e), hint, e);
  }

  private static ErrorId id(Throwable e) {
    if (e instanceof NodeEndedException) {
      return ErrorId.NODE_ENDED;
    }
    if (e instanceof RunEndedException) {
      return ErrorId.RUN_ENDED;
    }
    if (e instanceof LaunchException) {
      return ErrorId.REFUSED;
    }
    if (e instanceof OutOfTimeException) {
      return ErrorId.OUT_OF_TIME;
    }
    if (e instanceof UnknownNameException unknown) {
      return unknown.kind().equals("cable") ? ErrorId.UNKNOWN_CABLE : ErrorId.UNKNOWN_NODE;
    }
    // The public methods of a run throw these where its state does not allow a call.
    return e instanceof IllegalStateException || e instanceof IllegalArgumentException
        ? ErrorId.REFUSED
        : ErrorId.BUG;
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? e.getClass().getName() : e.getMessage();
  }

  @Performs(Pace.AT_ONCE)
  TopologyStatus status(Request.Status request) {
    return report.now();
  }

  @Performs(Pace.AT_ONCE)
  Request.Cables listCables(Request.ListCables request) {
    return new Request.Cables(report.cables());
  }

  @Performs(Pace.WHILE_WANTED)
  RunEnding down(Request.Down request) throws InterruptedException {
    topology.stop();
    return RunEnding.of(topology.awaitOutcome());
  }

  @Performs(Pace.WHILE_WANTED)
  void awaitReady(Request.AwaitReady request) throws InterruptedException {
    topology.awaitReady();
  }

  @Performs(Pace.WHILE_WANTED)
  RunEnding awaitEnd(Request.AwaitEnd request) throws InterruptedException {
    return RunEnding.of(topology.awaitOutcome());
  }

  @Performs(Pace.WHILE_WANTED)
  void events(Request.Events request, Exchange exchange) throws IOException, InterruptedException {
    EventLog.Page page = topology.eventLog().from(0);
    send(page, exchange);
    while (request.follow() && !page.isLast()) {
      page = topology.eventLog().awaitFrom(page.next());
      send(page, exchange);
    }
  }

  private static void send(EventLog.Page page, Exchange exchange) throws IOException {
    for (EventLog.Entry entry : page.entries()) {
      exchange.event(Event.of(entry.at(), entry.event()));
    }
  }

  @Performs(Pace.SEEN_THROUGH)
  void stopNode(Request.StopNode request) throws IOException, InterruptedException {
    topology.node(request.node()).stop();
  }

  @Performs(Pace.SEEN_THROUGH)
  void restartNode(Request.RestartNode request) throws IOException, InterruptedException {
    topology.node(request.node()).restart();
  }

  @Performs(Pace.SEEN_THROUGH)
  void pause(Request.Pause request) throws IOException, InterruptedException {
    for (RunningNode node : nodes(request.nodes())) {
      node.pause();
    }
  }

  @Performs(Pace.SEEN_THROUGH)
  void resume(Request.Resume request) throws IOException, InterruptedException {
    for (RunningNode node : nodes(request.nodes())) {
      node.resume();
    }
  }

  @Performs(Pace.WHILE_WANTED)
  Request.Copied copyTo(Request.CopyTo request) throws ControlException, InterruptedException {
    RunningNode node = topology.node(request.node());
    return copy(() -> node.copyTo(Path.of(request.source()), request.target()));
  }

  @Performs(Pace.WHILE_WANTED)
  Request.Copied copyFrom(Request.CopyFrom request) throws ControlException, InterruptedException {
    RunningNode node = topology.node(request.node());
    return copy(() -> node.copyFrom(request.source(), Path.of(request.target())));
  }

  /** A copy, which fails in words. */
  private interface Copy {
    List<String> make() throws IOException, InterruptedException;
  }

  private static Request.Copied copy(Copy copy) throws ControlException, InterruptedException {
    try {
      return new Request.Copied(copy.make());
    } catch (IOException e) {
      throw new ControlException(ErrorId.REFUSED, message(e), "", e);
    }
  }

  @Performs(Pace.WHILE_WANTED)
  Request.Saved checkpoint(Request.Checkpoint request)
      throws ControlException, InterruptedException {
    Path place = Path.of(request.directory());
    if (!place.isAbsolute() || place.getParent() == null) {
      throw new ControlException(ErrorId.BAD_FIELD, "\"directory\" has to be absolute", "");
    }
    Checkpoints checkpoints = new Checkpoints(UserDirectories.ofProcess());
    return new Request.Saved(
        checkpoints.save(topology, supervisor.file(), place, request.replace()));
  }

  @Performs(Pace.SEEN_THROUGH)
  void cut(Request.CutCable request) throws IOException, InterruptedException {
    topology.cable(request.cable()).cut();
  }

  @Performs(Pace.SEEN_THROUGH)
  void join(Request.JoinCable request) throws IOException, InterruptedException {
    topology.cable(request.cable()).join();
  }

  @Performs(Pace.AT_ONCE)
  CableStatus shape(Request.ShapeCable request) throws ControlException {
    RunningCable cable = topology.cable(request.cable());
    try {
      ShapingChange change = ShapingChange.parse(request.settings());
      // A cable without a shaper refuses this.
      cable.shape(change.applyTo(cable.shaping().orElse(Shaping.NONE)));
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorId.BAD_FIELD, String.valueOf(e.getMessage()), "", e);
    }
    return StatusReport.cable(cable);
  }

  /** The nodes of those names, each known before anything is done; without any, all that run. */
  private List<RunningNode> nodes(List<String> names) {
    return names.isEmpty()
        ? topology.nodes().stream().filter(Service::isRunning).toList()
        : names.stream().map(topology::node).toList();
  }

  private static boolean isRunning(RunningNode node) {
    return node.state() == NodeState.STARTED || node.state() == NodeState.READY;
  }
}
