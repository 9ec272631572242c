package dev.topology.posix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.topology.testing.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A pseudo-terminal, pty(7), and a program that runs in it. What the program shows is kept. Closing
 * it kills the program.
 */
public final class TestTerminal implements AutoCloseable {

  private static final int O_RDWR = 2;
  private static final int O_NOCTTY = 0x100;
  private static final int O_CLOEXEC = 0x80000;
  private static final int CHUNK = 8192;
  private static final int LONGEST_NAME = 64;

  private final Descriptor terminal;
  private final Descriptor programs;
  private final Path path;
  private final Process process;
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final Thread reader;

  private TestTerminal(Descriptor terminal, List<String> command, Map<String, String> environment)
      throws IOException {
    this.terminal = terminal;
    this.path = name(terminal);
    // Without a program that has it open, reading fails. This one is there before the first.
    this.programs = open(path);
    this.process = start(command, environment);
    this.reader = new Thread(this::read, "test-terminal");
    reader.start();
  }

  /**
   * Starts a program in a new terminal, as the leader of its session.
   *
   * @param environment all variables it gets
   */
  public static TestTerminal run(List<String> command, Map<String, String> environment)
      throws IOException {
    NativeFunction open = NativeFunction.returningInt("posix_openpt", 1);
    int number = (int) open.call(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (number == -1) {
      throw SystemCallException.last(open);
    }
    return new TestTerminal(new Descriptor(number), command, environment);
  }

  private static Path name(Descriptor terminal) throws IOException {
    NativeFunction unlock = NativeFunction.returningInt("unlockpt", 1);
    NativeFunction name = NativeFunction.returningInt("ptsname_r", 3);
    int number = terminal.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long text = memory.allocate(LONGEST_NAME);
      if (unlock.call(number) == -1) {
        throw SystemCallException.last(unlock);
      }
      if (name.call(number, text, LONGEST_NAME) != 0) {
        throw SystemCallException.last(name);
      }
      String bytes = new String(memory.getBytes(text, LONGEST_NAME), UTF_8);
      return Path.of(bytes.substring(0, bytes.indexOf('\0')));
    } finally {
      terminal.release();
    }
  }

  private static Descriptor open(Path path) throws IOException {
    NativeFunction open = Libc.get().open;
    try (NativeMemory memory = new NativeMemory()) {
      int number =
          (int) open.call(memory.string(path.toString()), O_RDWR | O_NOCTTY | O_CLOEXEC, 0);
      if (number == -1) {
        throw SystemCallException.last(open);
      }
      return new Descriptor(number);
    }
  }

  /** The first terminal that the leader of a session opens becomes that of the session. */
  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    List<String> session =
        new ArrayList<>(
            List.of("setsid", "-w", "sh", "-c", "exec \"$@\" <>" + path + " >&0 2>&0", "sh"));
    session.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(ChildJvm.withDefaultSignals(session))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private void read() {
    NativeFunction read = Libc.get().read;
    try (NativeMemory memory = new NativeMemory()) {
      long chunk = memory.allocate(CHUNK);
      int number = terminal.acquire();
      try {
        for (long count = read.call(number, chunk, CHUNK); count != 0; ) {
          if (count > 0) {
            keep(memory.getBytes(chunk, (int) count));
          } else if (NativeFunction.errno() != Libc.EINTR) {
            return;
          }
          count = read.call(number, chunk, CHUNK);
        }
      } finally {
        terminal.release();
      }
    } catch (ClosedChannelException closed) {
      // Nothing more will be shown.
    }
  }

  private void keep(byte[] bytes) {
    synchronized (screen) {
      screen.write(bytes, 0, bytes.length);
    }
  }

  /** Everything shown so far. */
  public String text() {
    synchronized (screen) {
      return screen.toString(UTF_8);
    }
  }

  /** The terminal's device, {@code /dev/pts/7}. */
  public Path path() {
    return path;
  }

  /** The program and its shell. */
  public Process process() {
    return process;
  }

  /** Types; blocks while the terminal holds 4 KiB that no program has read. */
  public void type(String keys) throws IOException {
    byte[] bytes = keys.getBytes(UTF_8);
    int number = terminal.acquire();
    try (NativeMemory memory = new NativeMemory()) {
      long typed = memory.allocate(bytes.length);
      memory.putBytes(typed, bytes);
      NativeFunction write = Libc.get().write;
      if (write.call(number, typed, bytes.length) != bytes.length) {
        throw SystemCallException.last(write);
      }
    } finally {
      terminal.release();
    }
  }

  /** Waits for the end of the program, and returns its exit status. */
  public int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      programs.close();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.close();
  }
}
