package dev.topology.control;

import dev.topology.control.ControlException.ErrorId;
import dev.topology.control.Instances.Supervisor;
import dev.topology.launch.Launch;
import dev.topology.model.Topology;
import dev.topology.posix.Reasons;
import dev.topology.run.RunEvent;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets other processes of this user reach a topology that runs in this one, and writes into the run
 * directory which process that is.
 *
 * <p>Thread-safe. The run never waits for a client. To be closed when the run is over, or to be
 * ended; clients that wait for its end then have a second to read the answer.
 */
public final class ControlServer implements AutoCloseable {

  /** How many connections may be open; each has a thread. */
  static final int MOST_CONNECTIONS = 32;

  /**
   * How many of them may have requests without a limit of time. The others become idle and give
   * way, so there is always a place for a new connection.
   */
  static final int MOST_HELD = 24;

  /** How long an idle connection may be silent. */
  private static final Duration MOST_SILENCE = Duration.ofSeconds(60);

  private static final long PAUSE_MILLIS = 100;
  private static final long LOOK_SECONDS = 1;
  private static final long TOUCH_HOURS = 1;

  private static final long LAST_ANSWERS_SECONDS = 1;

  /** For requests that are given up to remove what they have made. */
  private static final long LAST_WORK_SECONDS = 10;

  private final Launch launch;
  private final Supervisor supervisor;
  private final StateFile state;
  private final Service service;
  private final ServerSocketChannel socket;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger counter = new AtomicInteger();
  private final ExecutorService workers =
      Executors.newCachedThreadPool(task -> daemon(task, "control-request-"));
  private final ScheduledExecutorService caretaker =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "control-caretaker-"));
  private final Thread acceptor;

  private ControlServer(Launch launch, Supervisor supervisor) throws IOException {
    this.launch = launch;
    this.supervisor = supervisor;
    this.service = new Service(launch.topology(), supervisor);
    this.state = new StateFile(launch.directory());
    state.write(new StateFile.State(supervisor, Optional.empty()));
    state.writeNames(supervisor, launch.topology().topology());
    this.socket = listen(launch.directory());
    this.acceptor = daemon(this::accept, "control-");
  }

  /**
   * Begins to listen.
   *
   * @param file the topology's; part of its status
   * @param boots whether nodes are booted that it gets later, rather than cloned
   * @throws LaunchException if the run directory lets no socket be made
   */
  public static ControlServer open(Launch launch, Path file, boolean boots) {
    String name = launch.topology().topology().name();
    Supervisor supervisor =
        new Supervisor(
            name,
            ProcessHandle.current().pid(),
            Instant.now(),
            file.toAbsolutePath().normalize(),
            boots);
    try {
      ControlServer server = new ControlServer(launch, supervisor);
      server.acceptor.start();
      server.takeCare();
      launch.topology().onEvent(server::noteIfChanged);
      return server;
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make the control socket in " + launch.directory() + ": " + Reasons.of(e),
          Reasons.remedy(e, "choose another place with XDG_RUNTIME_DIR"),
          e);
    }
  }

  private static ServerSocketChannel listen(Path directory) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try (ControlSocket place = ControlSocket.of(directory)) {
      return socket.bind(place.address(), MOST_CONNECTIONS);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name + counter.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    while (socket.isOpen()) {
      try {
        admit(socket.accept());
      } catch (ClosedChannelException closing) {
        return;
      } catch (IOException | OutOfMemoryError e) {
        // The client has gone already, or no descriptor or thread is left for it.
        makeRoom();
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void admit(SocketChannel client) throws IOException {
    boolean served = false;
    try {
      served = isServed(client);
    } finally {
      if (!served) {
        client.close();
      }
    }
  }

  private boolean isServed(SocketChannel client) throws IOException {
    if (!ControlSocket.isOurs(client)) {
      return turnAway(client, ErrorId.FOREIGN_USER, "this topology belongs to another user");
    }
    if (connections.size() >= MOST_CONNECTIONS && !makeRoom()) {
      return turnAway(
          client, ErrorId.BUSY, MOST_CONNECTIONS + " connections are open, which is the most");
    }
    Connection connection = new Connection(client, service, workers, limits());
    connections.add(connection);
    boolean started = false;
    try {
      daemon(() -> serve(connection), "control-client-").start();
      started = true;
    } finally {
      if (!started) {
        connections.remove(connection);
      }
    }
    return true;
  }

  private Connection.Limits limits() {
    return new Connection.Limits() {
      @Override
      public boolean mayHold(Connection connection) {
        return connection.isHeld()
            || connections.stream().filter(Connection::isHeld).count() < MOST_HELD;
      }

      @Override
      public void crashed(Error fault) {
        launch.topology().crash(fault);
      }
    };
  }

  /** Closes the idle connection that has been silent for longest; whether there was one. */
  private boolean makeRoom() {
    Optional<Connection> idlest =
        connections.stream()
            .filter(Connection::isIdle)
            .max(Comparator.comparing(Connection::silence));
    idlest.ifPresent(this::drop);
    return idlest.isPresent();
  }

  private void drop(Connection connection) {
    connections.remove(connection);
    connection.close();
  }

  private void takeCare() {
    var unused =
        caretaker.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    unused = caretaker.scheduleWithFixedDelay(this::touch, 0, TOUCH_HOURS, TimeUnit.HOURS);
  }

  private void look() {
    connections.stream()
        .filter(it -> it.isIdle() && it.silence().compareTo(MOST_SILENCE) > 0)
        .forEach(this::drop);
    if (!launch.holdsDirectory()) {
      launch
          .topology()
          .giveUp(
              "its directory "
                  + launch.directory()
                  + " was removed, so that no command could have ended it any more.");
    }
  }

  private void noteIfChanged(RunEvent event) {
    if (event instanceof RunEvent.Changed changed) {
      caretaker.execute(() -> writeNames(changed.topology()));
    }
  }

  private void writeNames(Topology topology) {
    try {
      state.writeNames(supervisor, topology);
    } catch (IOException full) {
      // Shells complete the names that there were.
    }
  }

  private void touch() {
    try {
      launch.touchFiles();
    } catch (IOException e) {
      // Something may remove them as too old; {@code look} notices that.
    }
  }

  /** Always false: it is not served. */
  private static boolean turnAway(SocketChannel client, ErrorId id, String why) throws IOException {
    new JsonLines(client).send(Connection.refusal(new ControlException(id, why, "")));
    return false;
  }

  private void serve(Connection connection) {
    try {
      connection.run();
    } finally {
      connections.remove(connection);
    }
  }

  /** Takes no more requests, answers what can be answered, and saves how the run has ended. */
  @Override
  public void close() {
    caretaker.shutdownNow();
    close(socket);
    noteEnding();
    workers.shutdown();
    awaitWorkers(LAST_ANSWERS_SECONDS);
    workers.shutdownNow();
    connections.forEach(Connection::close);
    awaitWorkers(LAST_WORK_SECONDS);
  }

  private void awaitWorkers(long seconds) {
    try {
      workers.awaitTermination(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void noteEnding() {
    if (!launch.holdsDirectory()) {
      // Another run has made the directory again.
      return;
    }
    try {
      Files.deleteIfExists(ControlSocket.file(launch.directory()));
      Optional<RunEnding> ending = launch.topology().outcome().map(RunEnding::of);
      state.write(new StateFile.State(supervisor, ending));
    } catch (IOException full) {
      // On a full disk the ending is not saved; ps then says that it was killed.
    }
  }

  private static void close(AutoCloseable channel) {
    try {
      channel.close();
    } catch (Exception e) {
      // Nothing is written after this.
    }
  }
}
