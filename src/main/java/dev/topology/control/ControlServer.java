package dev.topology.control;

import dev.topology.launch.Launch;
import dev.topology.run.LaunchException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets other processes of this user reach a topology that runs in this one, and has the run
 * directory say who runs it.
 *
 * <p>Thread-safe. The run never waits for a client. To be closed when the run is over, or to be
 * ended; those who wait for its end then have a second to be told.
 */
public final class ControlServer implements AutoCloseable {

  /** How many connections may be open; each has a thread. */
  static final int MOST_CONNECTIONS = 32;

  private static final long LAST_ANSWERS_SECONDS = 1;

  private final Launch launch;
  private final Supervisor supervisor;
  private final StateFile state;
  private final Service service;
  private final ServerSocketChannel socket;
  private final RequestForms forms = new RequestForms();
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger counter = new AtomicInteger();
  private final ExecutorService workers =
      Executors.newCachedThreadPool(task -> daemon(task, "control-request-"));
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
   * @param file the topology's, for those who ask who runs it
   * @throws LaunchException if the run directory lets no socket be made
   */
  public static ControlServer open(Launch launch, Path file) {
    String name = launch.topology().topology().name();
    Supervisor supervisor =
        new Supervisor(
            name, ProcessHandle.current().pid(), Instant.now(), file.toAbsolutePath().normalize());
    try {
      ControlServer server = new ControlServer(launch, supervisor);
      server.acceptor.start();
      return server;
    } catch (IOException e) {
      throw new LaunchException(
          "cannot make the control socket in " + launch.directory() + ": " + e.getMessage(),
          "choose another place with XDG_RUNTIME_DIR",
          e);
    }
  }

  private static ServerSocketChannel listen(Path directory) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try (SocketAddress place = SocketAddress.of(directory)) {
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
      } catch (IOException e) {
        // A client that has gone already, or no descriptors left: those who come later are served.
        Thread.onSpinWait();
      }
    }
  }

  private void admit(SocketChannel client) throws IOException {
    if (!PeerUser.isOurs(client)) {
      turnAway(client, ErrorId.FOREIGN_USER, "this topology belongs to another user");
    } else if (connections.size() >= MOST_CONNECTIONS) {
      turnAway(client, ErrorId.BUSY, MOST_CONNECTIONS + " connections are open, which is the most");
    } else {
      connections.add(client);
      daemon(() -> serve(client), "control-client-").start();
    }
  }

  private static void turnAway(SocketChannel client, ErrorId id, String why) throws IOException {
    try (client) {
      new Outgoing(client).send(Connection.refusal(new ControlException(id, why, "")));
    }
  }

  private void serve(SocketChannel client) {
    try {
      new Connection(client, service, forms, workers).run();
    } finally {
      connections.remove(client);
    }
  }

  /** Takes no more requests, has those answered that can be, and notes how the run has ended. */
  @Override
  public void close() {
    close(socket);
    noteEnding();
    workers.shutdown();
    try {
      workers.awaitTermination(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.shutdownNow();
    connections.forEach(ControlServer::close);
  }

  private void noteEnding() {
    try {
      Files.deleteIfExists(SocketAddress.file(launch.directory()));
      Optional<Ending> ending = launch.topology().outcome().map(Ending::of);
      state.write(new StateFile.State(supervisor, ending));
    } catch (IOException full) {
      // Then it will seem to have been killed, which is how a full disk treats those who write.
    }
  }

  private static void close(AutoCloseable channel) {
    try {
      channel.close();
    } catch (Exception e) {
      // Nothing was to be written any more.
    }
  }
}
