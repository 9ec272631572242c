package dev.topology.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails the build if the tests, all of them together, leave something behind: a process, a
 * descriptor, a thread, a temporary file. JUnit finds it as a service.
 */
public final class LeakCheck implements LauncherSessionListener {

  /** Threads may still be on their way out, and an HttpClient ends when it is collected. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * For waits without a limit of their own: a busy machine is slow, and only a hang may end one.
   */
  private static final Duration LIMIT_OF_WAITS = Duration.ofMinutes(10);

  private @Nullable Belongings before;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(LIMIT_OF_WAITS);
    Belongings.makeTemporaryDirectory();
    openWhatTheJdkKeeps();
    before = Belongings.now();
  }

  /** The JDK makes a socket to close others with when the first channel is made, and keeps it. */
  private static void openWhatTheJdkKeeps() {
    try {
      SocketChannel.open().close();
      FileChannel.open(Path.of("/dev/null")).close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    try {
      // Another thread would find itself.
      await().pollInSameThread().atMost(PATIENCE).until(() -> left().isEmpty());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("the tests have left something behind:" + left(), e);
    }
  }

  private Belongings left() {
    System.gc();
    return before == null ? new Belongings(Set.of()) : Belongings.now().without(before);
  }
}
