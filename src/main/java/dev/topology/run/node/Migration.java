package dev.topology.run.node;

import dev.topology.plan.SavedGuest;
import dev.topology.plan.qemu.Board;
import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.SocketStream;
import dev.topology.run.node.GuestFile.UnwritableException;
import dev.topology.run.node.MachineStream.UnknownFormException;
import dev.topology.run.node.NodeWaiter.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Saves a machine, its RAM apart from the rest, and loads that rest into another QEMU, which has
 * the RAM mapped. docs/devel/migration.
 */
public final class Migration {

  private final String node;
  private final CompletableFuture<Void> completed = new CompletableFuture<>();

  private Migration(String node, QmpClient qmp) {
    this.node = node;
    Consumer<QmpMessage.Event> watch = this::watch;
    qmp.onEvent(watch);
    var unused = completed.whenComplete((done, failure) -> qmp.forget(watch));
  }

  /**
   * Loads the state of a guest into a QEMU that has its RAM.
   *
   * @param descriptor the number under which QEMU has the other end of the socket
   * @return completes when the guest can go on; it must not before, or it never does
   */
  static CompletableFuture<Void> load(
      String node, QmpClient qmp, int descriptor, SocketStream socket, Path state) {
    Migration migration = new Migration(node, qmp);
    return qmp.execute(QmpCommand.tellOfMigration())
        .thenCompose(done -> qmp.execute(QmpCommand.quietAfterLoading()))
        .thenCompose(done -> qmp.execute(QmpCommand.load(descriptor)))
        .thenRun(() -> migration.inBackground(() -> send(state, socket)))
        .thenCompose(done -> migration.completed);
  }

  private static void send(Path state, SocketStream socket) throws IOException {
    try (OutputStream out = socket.output()) {
      Files.copy(state, out);
    }
  }

  /**
   * Holds a guest, and saves it. It can go on afterwards.
   *
   * @param socket where no file is yet; gone afterwards
   * @param guest where no files are yet
   * @return for {@link #awaitSaved}
   */
  public static CompletableFuture<Void> save(NodeRun node, Path socket, SavedGuest guest) {
    QmpClient qmp = node.ports().qmp();
    Migration migration = new Migration(node.name(), qmp);
    CompletableFuture<Void> received = new CompletableFuture<>();
    String ram = Board.of(node.plan().node()).ram();
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket), 1);
      migration.inBackground(() -> migration.receive(server, ram, guest, received));
      return qmp.execute(QmpCommand.tellOfMigration())
          .thenCompose(done -> qmp.execute(QmpCommand.saveFast()))
          .thenCompose(done -> qmp.execute(QmpCommand.hold()))
          .thenCompose(done -> qmp.execute(QmpCommand.save(socket)))
          .thenCompose(done -> migration.completed)
          .thenCompose(done -> received)
          .whenComplete((done, failure) -> close(server, socket));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Waits until a guest is saved.
   *
   * @throws IOException in words, if its files cannot be written
   */
  public static void awaitSaved(NodeWaiter node, CompletableFuture<Void> saved, Duration limit)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(limit);
    try {
      CompletableFuture.anyOf(saved, node.gone()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      if (e.getCause() instanceof UnwritableException cause) {
        throw new IOException(
            "cannot write what is saved of " + node.name() + ": " + cause.getMessage(), cause);
      }
      if (e.getCause() instanceof UnknownFormException cause) {
        throw new IOException("cannot save " + node.name() + ": " + cause.getMessage(), cause);
      }
    }
    node.await(saved, deadline, "it was saved");
  }

  private void receive(
      ServerSocketChannel server, String ram, SavedGuest guest, CompletableFuture<Void> received)
      throws IOException {
    try (SocketChannel in = server.accept();
        GuestFile memory = new GuestFile(guest.memory());
        GuestFile state = new GuestFile(guest.state())) {
      try {
        new MachineStream(Channels.newInputStream(in), ram, memory, state).split();
        received.complete(null);
      } catch (EOFException e) {
        // QEMU has failed, or ended, and says so itself.
        received.completeExceptionally(new IOException("QEMU broke off", e));
      } catch (IOException e) {
        // Said before the connection is closed, whereupon QEMU says that it has failed.
        completed.completeExceptionally(e);
        throw e;
      }
    }
  }

  private static void close(ServerSocketChannel server, Path socket) {
    try (server) {
      Files.deleteIfExists(socket);
    } catch (IOException gone) {
      // With its directory.
    }
  }

  private void watch(QmpMessage.Event event) {
    if (event.name().equals("MIGRATION")) {
      String status = event.detail("status");
      if (status.equals("completed")) {
        completed.complete(null);
      } else if (status.equals("failed") || status.equals("cancelled")) {
        completed.completeExceptionally(new IOException("QEMU cannot use the saved guest"));
      }
    }
  }

  private interface Transfer {
    void run() throws IOException;
  }

  private void inBackground(Transfer transfer) {
    Thread thread =
        new Thread(
            () -> {
              try {
                transfer.run();
              } catch (IOException e) {
                completed.completeExceptionally(e);
              }
            },
            "state-" + node);
    thread.setDaemon(true);
    thread.start();
  }
}
