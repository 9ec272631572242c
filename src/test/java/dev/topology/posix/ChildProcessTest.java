package dev.topology.posix;

import static dev.topology.posix.Processes.await;
import static dev.topology.posix.Processes.exitOf;
import static dev.topology.posix.Processes.ownSockets;
import static dev.topology.posix.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.posix.ChildProcess.CapturedOutput.Tail;
import dev.topology.posix.ExitStatus.Exited;
import dev.topology.posix.ExitStatus.Signalled;
import dev.topology.testing.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildProcessTest {

  @Test
  void tellsTheExitStatus() throws Exception {
    ExitStatus status = exitOf(shell("exit 33").start());

    assertThat(status).isEqualTo(new Exited(33));
    assertThat(status.description()).isEqualTo("exit status 33");
    assertThat(status.isSuccess()).isFalse();
    assertThat(exitOf(shell("exit 0").start()).isSuccess()).isTrue();
  }

  @Test
  void tellsTheSignal() throws Exception {
    ChildProcess child = shell("exec sleep 600").start();

    assertThat(child.signal(Signal.KILL)).isTrue();

    assertThat(exitOf(child)).isEqualTo(new Signalled(9, "SIGKILL"));
    assertThat(exitOf(child).description()).isEqualTo("killed by signal 9 (SIGKILL)");
    assertThat(exitOf(child).isSuccess()).isFalse();
  }

  @Test
  void signalsNobodyAfterTheEnd() throws Exception {
    ChildProcess child = shell("exit 0").start();
    exitOf(child);

    assertThat(child.signal(Signal.TERM)).isFalse();
  }

  @Test
  void cancellingTheFutureLeavesTheProcessAlone() throws Exception {
    ChildProcess child = shell("exec sleep 600").start();

    assertThat(child.exit().cancel(true)).isTrue();

    assertThat(child.signal(Signal.TERM)).isTrue();
    assertThat(exitOf(child)).isEqualTo(new Signalled(15, "SIGTERM"));
  }

  @Test
  void hasAllOutputWhenItHasEnded() throws Exception {
    ChildProcess child = shell("seq 1 20000; echo failed >&2; exit 1").start();

    assertThat(exitOf(child)).isEqualTo(new Exited(1));
    List<String> lines = child.output().lines().toList();
    assertThat(lines).endsWith("19999", "20000", "failed").allMatch(l -> l.matches("\\d+|failed"));
    assertThat(child.output().length()).isBetween(60_000, Tail.BYTES);
  }

  @Test
  void doesNotWaitForWhatTheChildLeavesBehind() throws Exception {
    ChildProcess child = shell("sleep 600 & echo $!").start();

    assertThat(exitOf(child)).isEqualTo(new Exited(0));
    long orphan = Long.parseLong(child.output().trim());
    assertThat(ProcessHandle.of(orphan)).isPresent();
    ProcessHandle.of(orphan).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void fiftyChildrenLeaveNothing() throws Exception {
    // In a JVM that does nothing else: other tests open sockets and start processes meanwhile.
    assertThat(outputOf(ChildJvm.command(FiftyChildren.class)))
        .isEqualTo("sockets [], processes 0\n");
  }

  static final class FiftyChildren {
    private FiftyChildren() {}

    public static void main(String[] arguments) throws Exception {
      exitOf(shell("true").start());
      List<String> before = ownSockets();
      List<ChildProcess> children = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        try (SocketPair pair = SocketPair.stream()) {
          children.add(shell("echo $$").inherit(pair.far(), 3).start());
        }
      }
      for (ChildProcess child : children) {
        assertThat(exitOf(child)).isEqualTo(new Exited(0));
        assertThat(child.output()).isEqualTo(child.pid() + "\n");
      }
      await(
          "their threads end",
          () -> threadsNamed("exit-sh") == 0 && threadsNamed("output-sh") == 0);
      List<String> left = new ArrayList<>(ownSockets());
      left.removeAll(before);
      // A zombie would still be there.
      long processes = ProcessHandle.current().children().count();
      System.out.println("sockets " + left + ", processes " + processes);
    }

    private static long threadsNamed(String name) {
      return Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().equals(name))
          .count();
    }
  }

  @Test
  void collectsChildrenWhereTheJvmWasStartedWithChildSignalsIgnored() throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "--ignore-signal=CHLD"));
    command.addAll(ChildJvm.command(EndsWithStatusOfChild.class));

    assertThat(outputOf(command)).isEqualTo("ignored true\nexit status 7\n");
  }

  private static String outputOf(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static final class EndsWithStatusOfChild {
    private EndsWithStatusOfChild() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println("ignored " + isChildSignalIgnored());
      System.out.println(exitOf(shell("exit 7").start()).description());
    }

    private static boolean isChildSignalIgnored() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("SigIgn:")) {
          long mask = Long.parseUnsignedLong(line.substring("SigIgn:".length()).trim(), 16);
          return (mask >> (Signal.CHLD.number() - 1) & 1) == 1;
        }
      }
      return false;
    }
  }
}
