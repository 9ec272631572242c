package dev.topology.run.cable;

import dev.topology.plan.qemu.QmpCommand;
import dev.topology.plan.qemu.QmpMessage;
import dev.topology.posix.NamedPipe;
import dev.topology.run.node.QmpClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What one QEMU writes down of one of its cables, read by a thread of its own through a pipe. A
 * file would fill the disk with what nobody has asked to keep; QEMU waits when the pipe is full, so
 * the thread does nothing but read.
 */
public final class Dump implements AutoCloseable {

  private static final long ANSWER_SECONDS = 10;
  private static final long JOIN_MILLIS = 2000;

  private final String id;
  private final QmpClient qmp;
  private final NamedPipe pipe;
  private final Recording recording;
  private final CompletableFuture<QmpMessage.Return> added;
  private final Thread thread;

  private Dump(
      String id,
      QmpClient qmp,
      NamedPipe pipe,
      Recording recording,
      CompletableFuture<QmpMessage.Return> added) {
    this.id = id;
    this.qmp = qmp;
    this.pipe = pipe;
    this.recording = recording;
    this.added = added;
    this.thread = new Thread(this::read, "dump-" + id);
    thread.setDaemon(true);
  }

  /**
   * Has QEMU begin. Returns at once; commands that it is given after this see it begun.
   *
   * @param id unique in this QEMU, and among the pipes in {@code directory}
   * @throws IOException if the pipe cannot be made
   */
  static Dump begin(String id, String netdev, Path directory, QmpClient qmp, Recording recording)
      throws IOException {
    NamedPipe pipe = NamedPipe.create(directory.resolve(id + ".pipe"));
    Dump dump =
        new Dump(id, qmp, pipe, recording, qmp.execute(QmpCommand.dump(id, netdev, pipe.path())));
    dump.thread.start();
    return dump;
  }

  /** Whether that is the QEMU. */
  boolean isOf(QmpClient other) {
    return qmp.equals(other);
  }

  /** Completes when QEMU has begun; exceptionally, if it refuses or is gone. */
  public CompletableFuture<QmpMessage.Return> begun() {
    return added;
  }

  private void read() {
    try (InputStream input = open()) {
      new QemuDump(input, recording).read();
    } catch (IOException e) {
      recording.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads from before the pipe's file is taken away, which is not before QEMU has opened it. */
  private InputStream open() throws IOException, InterruptedException {
    try (pipe) {
      added.get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return pipe.read();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("QEMU does not write it down: " + e.getMessage(), e);
    }
  }

  /** Has QEMU end it, if it is still there, and waits until all of it is read. */
  @Override
  public void close() {
    var unused = qmp.execute(QmpCommand.endDump(id));
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
