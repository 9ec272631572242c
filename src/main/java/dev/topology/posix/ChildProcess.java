package dev.topology.posix;

import dev.topology.posix.ExitStatus.Exited;
import dev.topology.posix.ExitStatus.Signalled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A process started by a {@link Spawn}, until it has ended and its status is collected.
 *
 * <p>Thread-safe. A thread of its own waits for it, and ends with it.
 */
public final class ChildProcess {
  private static final int P_PID = 1;
  private static final int WSTOPPED = 2;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x0100_0000;
  private static final int SIGINFO_BYTES = 128;

  private final String name;
  private final int pid;
  private final Optional<CapturedOutput> output;
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
  private boolean collected;

  private ChildProcess(String name, int pid, Optional<CapturedOutput> output) {
    this.name = name;
    this.pid = pid;
    this.output = output;
  }

  /**
   * Waits for process {@code pid}, a child that nothing else waits for.
   *
   * @param output the other end of its standard output and standard error, if they are captured;
   *     the descriptor is the new object's
   */
  static ChildProcess watch(String name, int pid, Optional<Descriptor> output) {
    ChildProcess child =
        new ChildProcess(name, pid, output.map(near -> CapturedOutput.from(name, near)));
    Thread waiter = new Thread(child::await, "exit-" + name);
    waiter.setDaemon(true);
    waiter.start();
    return child;
  }

  /** Its number, which may be another process's once {@link #exit} is complete. */
  public long pid() {
    return pid;
  }

  /**
   * Completes when it has ended and {@link #output} holds all it wrote; with an {@link IOException}
   * if something else in this JVM collected its status. What is chained to it runs in the thread
   * that waited. Cancelling it does nothing to the process.
   */
  public CompletableFuture<ExitStatus> exit() {
    return exit.copy();
  }

  /**
   * The end of what it has written so far to standard output and standard error, at most 64 KiB in
   * whole lines; empty where that was not captured.
   */
  public String output() {
    return output.map(CapturedOutput::text).orElse("");
  }

  /**
   * Sends it a signal. Never blocks, and never reaches another process that got its number.
   *
   * @return whether it had not been collected yet
   */
  public synchronized boolean signal(Signal signal) {
    return !collected && Libc.get().kill.call(pid, signal.number()) == 0;
  }

  /** Something to do with a process's number while it cannot become another's. */
  interface WithPid<T> {
    T apply(int pid) throws IOException;
  }

  /**
   * Does {@code action} while the number is this process's.
   *
   * @throws IOException if the process has ended and its number is free
   */
  synchronized <T> T whileUncollected(WithPid<T> action) throws IOException {
    if (collected) {
      throw new IOException(name + " (process " + pid + ") has ended");
    }
    return action.apply(pid);
  }

  private void await() {
    try {
      awaitEnd();
      ExitStatus status = collect();
      if (output.isPresent()) {
        output.get().finish();
      }
      exit.complete(status);
    } catch (Throwable failure) {
      exit.completeExceptionally(failure);
    }
  }

  /**
   * Waits until a {@link Signal#STOP} has stopped all its threads, or it has ended: microseconds,
   * unless it waits for a device.
   */
  public void awaitStopped() throws IOException {
    int error = waitFor(WSTOPPED | WEXITED | WNOWAIT);
    // Where it has ended, its status may have been collected already.
    if (error != 0 && error != Libc.ECHILD) {
      throw new SystemCallException("cannot tell whether " + name + " was stopped", error);
    }
  }

  /** Waits without collecting, which would free the number before anyone here could know. */
  private void awaitEnd() throws IOException {
    int error = waitFor(WEXITED | WNOWAIT);
    if (error != 0) {
      throw statusLost(error);
    }
  }

  /** Waits for a change, and returns the number of the error; 0 if there was none. */
  private int waitFor(int changes) {
    NativeFunction waitid = Libc.get().waitid;
    try (NativeMemory memory = new NativeMemory()) {
      long info = memory.allocate(SIGINFO_BYTES);
      while (waitid.call(P_PID, pid, info, changes) == -1) {
        int error = NativeFunction.errno();
        if (error != Libc.EINTR) {
          return error;
        }
      }
      return 0;
    }
  }

  private synchronized ExitStatus collect() throws IOException {
    collected = true;
    try (NativeMemory memory = new NativeMemory()) {
      long status = memory.allocate(Integer.BYTES);
      while (Libc.get().waitpid.call(pid, status, 0) == -1) {
        if (NativeFunction.errno() != Libc.EINTR) {
          throw statusLost(NativeFunction.errno());
        }
      }
      return decode(memory.getInt(status));
    }
  }

  private synchronized IOException statusLost(int errno) {
    collected = true;
    return new SystemCallException(
        "cannot tell how " + name + " (process " + pid + ") ended", errno);
  }

  /** Takes apart what {@code wait(2)} reports. */
  private static ExitStatus decode(int status) {
    int signal = status & 0x7f;
    return signal == 0
        ? new Exited((status >> 8) & 0xff)
        : new Signalled(signal, Signal.name(signal));
  }

  @Override
  public String toString() {
    return name + " (process " + pid + ")";
  }

  /**
   * The end of what a process wrote, read by a thread of its own so that the process never waits.
   *
   * <p>Read from a socket rather than a pipe: a process that the child left behind may keep the
   * other end open without limit, and only a socket lets another thread end the reading after what
   * has arrived.
   */
  static final class CapturedOutput {
    private static final int CHUNK_BYTES = 8 * 1024;

    private final SocketStream stream;
    private final Thread reader;
    private final Tail tail = new Tail();

    private CapturedOutput(String name, Descriptor near) {
      this.stream = new SocketStream(near);
      this.reader = new Thread(this::drain, "output-" + name);
    }

    /** Starts to read {@code near}, which it owns, until its end. */
    static CapturedOutput from(String name, Descriptor near) {
      CapturedOutput output = new CapturedOutput(name, near);
      output.reader.setDaemon(true);
      output.reader.start();
      return output;
    }

    private void drain() {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
      try (stream) {
        while (stream.read(chunk.clear()) != -1) {
          append(chunk.flip());
        }
      } catch (IOException e) {
        append(
            StandardCharsets.UTF_8.encode("\n(the rest cannot be read: " + e.getMessage() + ")\n"));
      }
    }

    private void append(ByteBuffer bytes) {
      synchronized (tail) {
        tail.append(bytes);
      }
    }

    String text() {
      synchronized (tail) {
        return tail.text();
      }
    }

    /** Waits until all that has arrived is read. To be called when the process has ended. */
    void finish() throws IOException, InterruptedException {
      try {
        stream.endInput();
      } catch (ClosedChannelException atItsEndAlready) {
        // The other end is closed, so the reader has come to the end.
      }
      reader.join();
    }

    /** The last bytes of many. Not thread-safe. */
    static final class Tail {
      /** How much is kept at least, where there was as much. */
      static final int BYTES = 64 * 1024;

      private byte[] kept = new byte[0];
      private int size;
      private boolean cut;

      void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        makeRoom(count);
        bytes.get(kept, size, count);
        size += count;
      }

      /** Forgets the older half at twice the size, so that a byte is moved only once on average. */
      private void makeRoom(int count) {
        if (size + count > 2 * BYTES) {
          int surplus = size - BYTES;
          System.arraycopy(kept, surplus, kept, 0, BYTES);
          size = BYTES;
          cut = true;
        }
        if (size + count > kept.length) {
          kept = Arrays.copyOf(kept, Math.max(size + count, 2 * kept.length));
        }
      }

      /**
       * At most {@link #BYTES} bytes as text; from the start of a line if there was more before.
       */
      String text() {
        int start = Math.max(0, size - BYTES);
        if (start > 0 || cut) {
          start = afterLineEnd(start);
        }
        return new String(kept, start, size - start, StandardCharsets.UTF_8);
      }

      private int afterLineEnd(int start) {
        for (int i = start; i < size; i++) {
          if (kept[i] == '\n') {
            return i + 1;
          }
        }
        return start;
      }
    }
  }
}
