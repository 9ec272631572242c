package dev.topology.run.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * One thread that moves bytes between sockets of this host and a guest, and never waits for any one
 * of them: what a slow reader does not take is held back at its own connection alone.
 *
 * <p>Everything that is registered with it is used by its thread only; other threads {@link #post}
 * tasks.
 */
final class Relay implements AutoCloseable {

  /** The most bytes that are moved at once, or wait for a reader that does not read. */
  static final int CHUNK = 64 * 1024;

  private static final int CONNECT_MILLIS = 10_000;

  /** What is to be done once a channel is ready for what it waits for. */
  interface Handler {
    void ready();
  }

  /** Makes a connection, which may block. */
  interface Connector {
    SocketChannel connect() throws IOException;
  }

  /** Something to do with a channel that may fail. */
  interface Step {
    void run() throws IOException;
  }

  private final Selector selector;
  private final Thread thread;
  private final ExecutorService connecting;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private final CompletableFuture<String> broken;
  private volatile boolean closed;

  private Relay(String node, Selector selector, CompletableFuture<String> broken) {
    this.broken = broken;
    this.selector = selector;
    this.thread = new Thread(this::run, "relay-" + node);
    this.connecting = Executors.newCachedThreadPool(task -> daemon(task, "connect-" + node));
    thread.setDaemon(true);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Starts it.
   *
   * @param broken completed, with the reason, if it ends although nobody closed it
   * @throws IOException where descriptors run out
   */
  static Relay start(String node, CompletableFuture<String> broken) throws IOException {
    Relay relay = new Relay(node, Selector.open(), broken);
    relay.thread.start();
    return relay;
  }

  /** Runs a task on its thread; does nothing once it is closed. */
  void post(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Makes a connection on another thread, and hands the result to its own thread. */
  void connect(
      Connector connector, Consumer<SocketChannel> onConnected, Consumer<IOException> onRefused) {
    try {
      connecting.execute(() -> tryTo(connector, onConnected, onRefused));
    } catch (RejectedExecutionException closing) {
      // The relay is closed, and the connection not needed.
    }
  }

  private void tryTo(
      Connector connector, Consumer<SocketChannel> onConnected, Consumer<IOException> onRefused) {
    try {
      SocketChannel channel = connector.connect();
      post(() -> onConnected.accept(channel));
      if (closed) {
        channel.close();
      }
    } catch (IOException e) {
      post(() -> onRefused.accept(e));
    }
  }

  /** Connects to a TCP port, within ten seconds. */
  static SocketChannel connect(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    return connected(channel, () -> channel.socket().connect(address, CONNECT_MILLIS));
  }

  /** The channel once that was done; closed, if it could not be. */
  static SocketChannel connected(SocketChannel channel, Step connecting) throws IOException {
    try {
      connecting.run();
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Watches a channel, which does not block from now on and is closed with the relay. What it waits
   * for is to be set by the relay's thread: one that waits already does not see a change.
   */
  SelectionKey watch(SelectableChannel channel, Handler handler) throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, 0, handler);
  }

  /** Room for what is passed on at once, free again as soon as it was taken. */
  ByteBuffer chunk() {
    return chunk.clear();
  }

  private void run() {
    try (selector) {
      try {
        while (!closed) {
          selector.select(key -> ((Handler) key.attachment()).ready());
          runTasks();
        }
      } finally {
        closed = true;
        // A connection that has just been made is watched by then.
        runTasks();
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      broken.complete("the thread " + thread.getName() + " ended with " + e);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Closes all that is watched, and waits for the thread, for two seconds at the most. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    connecting.shutdownNow();
    Closing.join(thread);
  }

  /**
   * One end of a connection that is passed on: what the other end has read is given to it. Used by
   * the thread of one {@link Relay}.
   */
  interface End {

    /** How many bytes it takes now. */
    int room();

    /** Takes bytes, all that remain; no more than there is room for. */
    void take(ByteBuffer bytes);

    /** So many bytes that it had given to the other end have gone on from there. */
    void passedOn(int bytes);

    /** No more bytes come; the other end can still be given some. */
    void end();

    /** The other end broke off: nothing more comes or is taken. */
    void abort();
  }
}
