package dev.topology.posix;

import static dev.topology.posix.Processes.await;
import static dev.topology.posix.Processes.exitOf;
import static dev.topology.posix.Processes.markedWith;
import static dev.topology.posix.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.posix.ExitStatus.Signalled;
import dev.topology.testing.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ReaperTest {
  private static final Signalled KILLED = new Signalled(9, "SIGKILL");

  /** Each round kills at another moment of the spawning, which goes on in four threads. */
  @RepeatedTest(8)
  void nothingSurvivesAJvmKilledWhileItSpawns(RepetitionInfo round) throws Exception {
    String mark = "TOPOLOGY_TEST=" + UUID.randomUUID();
    ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(SpawnsForEver.class));
    builder.environment().put("TOPOLOGY_TEST", mark.substring(mark.indexOf('=') + 1));
    Process jvm = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    int children = new Random(round.getCurrentRepetition()).nextInt(120) + 1;
    assertThat(readExactly(jvm.getInputStream(), children)).isEqualTo(children);
    // A process that was spawned just now has no environment to be read for a moment.
    await("as many as it said run", () -> markedWith(mark).size() > children);

    jvm.destroyForcibly().waitFor();

    await("everything it started is gone", () -> markedWith(mark).isEmpty());
  }

  private static int readExactly(InputStream dots, int count) throws IOException {
    return dots.readNBytes(count).length;
  }

  /** Prints a dot for each child that runs. */
  static final class SpawnsForEver {
    private SpawnsForEver() {}

    public static void main(String[] arguments) throws Exception {
      Reaper reaper = Reaper.start();
      for (int i = 0; i < 4; i++) {
        new Thread(() -> spawnForEver(reaper), "spawner").start();
      }
    }

    private static void spawnForEver(Reaper reaper) {
      try {
        while (true) {
          shell("exec sleep 600").discardOutput().guardedBy(reaper).start();
          System.out.write('.');
          System.out.flush();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void endsQuietlyWhenAllChildrenAreGone() throws Exception {
    Reaper reaper = Reaper.start();
    ChildProcess child = shell("exit 0").guardedBy(reaper).start();
    assertThat(exitOf(child).isSuccess()).isTrue();
    assertThat(reaper.exit()).isNotDone();

    reaper.close();
    reaper.close();

    assertThat(reaper.exit()).isCompletedWithValue(KILLED);
  }

  @Test
  void killsItsChildrenWhenClosedAndNobodyElse() throws Exception {
    ChildProcess other = shell("exec sleep 600").start();
    Reaper reaper = Reaper.start();
    ChildProcess child = shell("exec sleep 600").guardedBy(reaper).start();

    reaper.close();

    assertThat(exitOf(child)).isEqualTo(KILLED);
    assertThat(other.signal(Signal.TERM)).isTrue();
    assertThat(exitOf(other)).isEqualTo(new Signalled(15, "SIGTERM"));
  }

  /** As at the end of the JVM, the end of file alone must do it. */
  @Test
  void guardsOnWhateverSignalItGets() throws Exception {
    Reaper reaper = Reaper.start();
    ChildProcess child = shell("trap '' TERM; echo up; sleep 600").guardedBy(reaper).start();
    await("the child runs", () -> child.output().equals("up\n"));
    for (Signal signal : Signal.values()) {
      if (signal != Signal.KILL && signal != Signal.STOP) {
        signal(reaper, signal);
      }
    }
    assertThat(reaper.exit()).isNotDone();

    reaper.releaseLifeline();

    assertThat(exitOf(child)).isEqualTo(KILLED);
    reaper.close();
  }

  @Test
  void killsStoppedChildrenEvenWhenStoppedItself() throws Exception {
    Reaper reaper = Reaper.start();
    ChildProcess child = shell("exec sleep 600").guardedBy(reaper).start();
    child.signal(Signal.STOP);
    signal(reaper, Signal.STOP);

    reaper.close();

    assertThat(exitOf(child)).isEqualTo(KILLED);
  }

  @Test
  void tellsOfItsOwnEndAndAdmitsNobodyAfterIt() throws Exception {
    try (Reaper reaper = Reaper.start()) {
      signal(reaper, Signal.KILL);

      assertThat(reaper.exit().get(10, TimeUnit.MINUTES)).isEqualTo(KILLED);
      assertThatThrownBy(() -> shell("true").guardedBy(reaper).start())
          .isInstanceOf(IOException.class)
          .hasMessageMatching("reaper \\(process \\d+\\) has ended");
    }
  }

  private static void signal(Reaper reaper, Signal signal) throws IOException {
    assertThat(reaper.<Long>admit(pid -> Libc.get().kill.call(pid, signal.number()))).isZero();
  }
}
