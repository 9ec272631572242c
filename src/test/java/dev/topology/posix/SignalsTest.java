package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("signals")
class SignalsTest {
  private static final Set<Signal> HANDLED = Set.of(Signal.HUP, Signal.INT, Signal.TERM);

  @Test
  void handlesSignalsAndGivesThemBack() throws Exception {
    Process jvm = start(ChildJvm.command(SaysItsSignals.class));
    try (BufferedReader says = jvm.inputReader()) {
      assertThat(says.readLine()).isEqualTo("ready");
      for (Signal signal : HANDLED) {
        send(jvm, signal);
        assertThat(says.readLine()).isEqualTo(signal.name());
      }

      jvm.getOutputStream().write('\n');
      jvm.getOutputStream().flush();
      assertThat(says.readLine()).isEqualTo("given back");
      send(jvm, Signal.TERM);

      assertThat(says.readLine()).isNull();
      assertThat(jvm.waitFor()).isEqualTo(128 + 15);
    }
  }

  @Test
  void leavesASignalIgnoredThatWasIgnoredFromTheStart() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh"));
    command.addAll(ChildJvm.command(SaysItsSignals.class));
    Process jvm = start(command);
    try (BufferedReader says = jvm.inputReader()) {
      assertThat(says.readLine()).isEqualTo("ready");

      send(jvm, Signal.HUP);
      send(jvm, Signal.TERM);

      assertThat(says.readLine()).isEqualTo("TERM");
    } finally {
      jvm.destroyForcibly();
    }
  }

  /** With signals as a terminal's shell sets them: {@code nohup mvn} has them ignored. */
  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(ChildJvm.withDefaultSignals(command))
        .redirectErrorStream(true)
        .start();
  }

  private static void send(Process process, Signal signal) {
    assertThat(Libc.get().kill.call(process.pid(), signal.number())).isZero();
  }

  /** Prints the signals it gets until a byte comes in, and then waits for its end. */
  static final class SaysItsSignals {
    private SaysItsSignals() {}

    public static void main(String[] arguments) throws Exception {
      PrintStream out = System.out;
      Signal.Handlers signals = Signal.onAny(HANDLED, signal -> out.println(signal.name()));
      out.println("ready");
      System.in.read();
      signals.close();
      out.println("given back");
      System.in.read();
    }
  }
}
