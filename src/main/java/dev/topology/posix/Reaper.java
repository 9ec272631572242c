package dev.topology.posix;

import dev.topology.posix.ChildProcess.WithPid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A small child of this process that kills all its siblings when this process ends, however it
 * ends: a JVM killed with SIGKILL runs no code of its own.
 *
 * <p>The reaper leads a process group, and every child {@linkplain Spawn#guardedBy guarded} by it
 * is born into that group. It reads from a socket whose other end only this process has. The end of
 * file tells it that this process is gone, and it kills its group, itself included.
 *
 * <p>There is nothing to register, and so no moment in which a child is not guarded. {@code
 * posix_spawn} puts the new process into its group before it carries out the file actions that
 * close its copies of this process's descriptors (glibc: sysdeps/unix/sysv/linux/spawni.c; musl:
 * src/process/posix_spawn.c). Until then it holds a copy of the socket's other end itself, so the
 * end of file cannot come before it is in the group, even if this process is killed halfway.
 *
 * <p>A child that leaves the group (a daemon, a shell with job control) escapes. A child stopped by
 * a signal does not. Thread-safe.
 */
public final class Reaper implements AutoCloseable {
  private static final Path SHELL = Path.of("/bin/sh");

  /**
   * Signals are blocked from its birth, and ignored as well, since a shell may unblock them. What
   * is typed at a terminal goes to the terminal's foreground group, which is another one.
   */
  private static final String SCRIPT =
      "trap '' HUP INT QUIT PIPE ALRM TERM USR1 USR2 TSTP TTIN TTOU; "
          + "while read -r line; do :; done; "
          + "kill -KILL 0";

  private static final long PATIENCE_SECONDS = 2;

  private final ChildProcess process;
  private final Descriptor lifeline;

  private Reaper(ChildProcess process, Descriptor lifeline) {
    this.process = process;
    this.lifeline = lifeline;
  }

  /**
   * Starts a reaper.
   *
   * @throws IOException if {@code /bin/sh} cannot be started, or descriptors run out
   */
  public static Reaper start() throws IOException {
    SocketPair lifeline = SocketPair.stream();
    try {
      ChildProcess process =
          Spawn.of(SHELL)
              .named("reaper")
              .arguments("-c", SCRIPT, "topology-reaper")
              .environment(Map.of())
              .input(lifeline.far())
              .discardOutput()
              .asReaper()
              .start();
      lifeline.far().close();
      return new Reaper(process, lifeline.near());
    } catch (IOException e) {
      lifeline.close();
      throw e;
    }
  }

  /**
   * Completes when the reaper has ended. Before {@link #close} that means that something killed it,
   * and that nothing guards the children any more.
   */
  public CompletableFuture<ExitStatus> exit() {
    return process.exit();
  }

  /**
   * Does {@code action} with the group's number, which cannot become another group's meanwhile.
   *
   * @throws IOException if the reaper has ended
   */
  <T> T admit(WithPid<T> action) throws IOException {
    return process.whileUncollected(action);
  }

  /**
   * Kills the reaper and every guarded child that still runs. Returns when the reaper has ended,
   * within milliseconds, or when the thread is interrupted.
   */
  @Override
  public void close() {
    try {
      // Not left to the reaper: it may be stopped by a signal.
      admit(group -> Libc.get().kill.call(-group, Signal.KILL.number()));
    } catch (IOException endedBefore) {
      // Its children are left to their owner; the number may be another group's by now.
    }
    releaseLifeline();
    awaitEnd();
  }

  /** Lets the reaper read what it reads when this process is gone. */
  void releaseLifeline() {
    lifeline.close();
  }

  private void awaitEnd() {
    try {
      process.exit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It cannot survive SIGKILL, and no longer holds anything of this process.
    }
  }
}
