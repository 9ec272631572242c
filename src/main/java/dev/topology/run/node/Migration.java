package dev.topology.run.node;

import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.SocketStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * Saves the state of a machine whose RAM is in a file, and loads it into another QEMU: some 75 KB.
 * docs/devel/migration.
 */
public final class Migration {

  private final String node;
  private final CompletableFuture<Void> completed = new CompletableFuture<>();

  private Migration(String node, QmpClient qmp) {
    this.node = node;
    qmp.onEvent(this::watch);
  }

  /**
   * Loads a state.
   *
   * @param descriptor the number under which QEMU has the other end of the socket
   * @return completes when the guest can go on; it must not before, or it never does
   */
  static CompletableFuture<Void> load(
      String node, QmpClient qmp, int descriptor, SocketStream socket, Path state) {
    Migration migration = new Migration(node, qmp);
    return qmp.execute(QmpCommand.migrationCapabilities())
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
   * Holds a guest for good, and saves its state.
   *
   * @param socket where no file is yet; gone afterwards
   * @return completes when the state is in the file, and the RAM in its own
   */
  public static CompletableFuture<Void> save(String node, QmpClient qmp, Path socket, Path state) {
    Migration migration = new Migration(node, qmp);
    CompletableFuture<Void> received = new CompletableFuture<>();
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket), 1);
      migration.inBackground(
          () -> {
            receive(server, state);
            received.complete(null);
          });
      return qmp.execute(QmpCommand.migrationCapabilities())
          .thenCompose(done -> qmp.execute(QmpCommand.hold()))
          .thenCompose(done -> qmp.execute(QmpCommand.save(socket)))
          .thenCompose(done -> migration.completed)
          .thenCompose(done -> received)
          .whenComplete((done, failure) -> close(server, socket));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void receive(ServerSocketChannel server, Path state) throws IOException {
    try (InputStream in = Channels.newInputStream(server.accept())) {
      Files.copy(in, state);
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
      } else if (status.equals("failed")) {
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
