package dev.topology.run.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.posix.SocketPair;
import dev.topology.posix.SocketStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Against a monitor played by hand: no guest can be made to fail in this way on purpose. */
class TimerWatchTest {

  private static final String GIVEN_UP =
      "LVTT\\t 0x000300ec active-hi edge masked periodic\\r\\n"
          + "Timer\\t DCR=0x3 (divide by 16) initial_count = 268435455 current_count = 1\\r\\n";
  private static final String SET_UP =
      "LVTT\\t 0x000000ec active-hi edge one-shot\\r\\n"
          + "Timer\\t DCR=0x3 (divide by 16) initial_count = 22859 current_count = 0\\r\\n";

  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @Test
  void resetsAGuestWithoutATimerAndStopsLookingOnceItHasOne() throws Exception {
    try (SocketPair pair = SocketPair.stream();
        QmpClient qmp = new QmpClient("watched", new SocketStream(pair.near()));
        SocketStream monitor = new SocketStream(pair.far())) {
      qmp.startOnce();
      new Thread(() -> play(monitor), "monitor").start();
      new TimerWatch(qmp, warnings::add).start();
      await().until(() -> asked.stream().filter(line -> line.contains("lapic")).count() == 3);
      await().untilAsserted(() -> assertThat(asked).hasSize(9));
      assertThat(asked.subList(4, 7))
          .containsExactly(
              "{\"execute\":\"set-action\",\"arguments\":{\"reboot\":\"reset\"}}",
              "{\"execute\":\"system_reset\"}",
              "{\"execute\":\"set-action\",\"arguments\":{\"reboot\":\"shutdown\"}}");
      assertThat(warnings).singleElement().asString().contains("started again");
    }
  }

  private void play(SocketStream monitor) {
    Function<String, String> answer =
        line -> {
          if (line.contains("lapic")) {
            return '"'
                + (asked.contains("{\"execute\":\"system_reset\"}") ? SET_UP : GIVEN_UP)
                + '"';
          }
          return line.contains("registers") ? "\"HLT=1\"" : "{}";
        };
    try {
      var lines =
          new BufferedReader(new InputStreamReader(monitor.input(), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        asked.add(line);
        String reply = "{\"return\": " + answer.apply(line) + "}\n";
        monitor.write(ByteBuffer.wrap(reply.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }
}
