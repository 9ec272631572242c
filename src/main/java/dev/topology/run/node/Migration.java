package dev.topology.run.node;

import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.Reasons;
import dev.topology.posix.SocketStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Saves the state of a machine, and loads it into another QEMU: some 75 KB if its RAM is in a file
 * and stays there, otherwise as much as its guest uses. docs/devel/migration.
 */
public final class Migration {

  private static final int CHUNK = 1 << 20;

  private final String node;
  private final CompletableFuture<Void> completed = new CompletableFuture<>();

  /** The file of a state cannot be written. */
  public static final class UnwritableException extends IOException {

    private static final long serialVersionUID = 1;

    UnwritableException(IOException cause) {
      super(Reasons.of(cause), cause);
    }
  }

  private Migration(String node, QmpClient qmp) {
    this.node = node;
    Consumer<QmpMessage.Event> watch = this::watch;
    qmp.onEvent(watch);
    var unused = completed.whenComplete((done, failure) -> qmp.forget(watch));
  }

  /**
   * Loads a state.
   *
   * @param memoryApart whether its RAM is in a file that QEMU has mapped
   * @param descriptor the number under which QEMU has the other end of the socket
   * @return completes when the guest can go on; it must not before, or it never does
   */
  static CompletableFuture<Void> load(
      String node,
      QmpClient qmp,
      boolean memoryApart,
      int descriptor,
      SocketStream socket,
      Path state) {
    Migration migration = new Migration(node, qmp);
    return qmp.execute(QmpCommand.migrationCapabilities(memoryApart))
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
   * Holds a guest, and saves its state. The guest can go on afterwards, unless its RAM is apart:
   * then the file with it has to stay as it is.
   *
   * @param memoryApart whether its RAM is in a file of its own, which QEMU writes to
   * @param socket where no file is yet; gone afterwards
   * @param state where no file is yet
   * @return completes when the state is in the file; exceptionally if QEMU cannot, or the file
   *     cannot be written
   */
  public static CompletableFuture<Void> save(
      String node, QmpClient qmp, boolean memoryApart, Path socket, Path state) {
    Migration migration = new Migration(node, qmp);
    CompletableFuture<Void> received = new CompletableFuture<>();
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket), 1);
      migration.inBackground(
          () -> {
            migration.receive(server, state);
            received.complete(null);
          });
      return qmp.execute(QmpCommand.migrationCapabilities(memoryApart))
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

  private void receive(ServerSocketChannel server, Path state) throws IOException {
    try (SocketChannel in = server.accept()) {
      receive(in, state);
    }
  }

  private void receive(SocketChannel in, Path state) throws IOException {
    try (FileChannel out =
        FileChannel.open(state, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
      while (in.read(chunk) >= 0) {
        write(chunk.flip(), out);
        chunk.clear();
      }
    } catch (IOException e) {
      // Said before the connection is closed, whereupon QEMU says that it has failed.
      completed.completeExceptionally(e);
      throw e;
    }
  }

  private static void write(ByteBuffer chunk, FileChannel out) throws UnwritableException {
    try {
      while (chunk.hasRemaining()) {
        out.write(chunk);
      }
    } catch (IOException e) {
      throw new UnwritableException(e);
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
