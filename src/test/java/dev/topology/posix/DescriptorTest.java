package dev.topology.posix;

import static dev.topology.posix.Processes.descriptors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.ClosedChannelException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DescriptorTest {

  @Test
  void isClosedOnlyWhenNobodyUsesItsNumber() throws Exception {
    try (SocketPair pair = SocketPair.stream()) {
      int number = pair.near().acquire();
      String socket = own().get(number);

      pair.near().close();

      assertThat(pair.near().isClosed()).isTrue();
      assertThat(own()).containsEntry(number, socket);
      assertThatThrownBy(() -> pair.near().acquire()).isInstanceOf(ClosedChannelException.class);
      pair.near().release();
      assertThat(own()).doesNotContainEntry(number, socket);
    }
  }

  @Test
  void isClosedOnce() throws Exception {
    SocketPair pair = SocketPair.stream();
    int number = pair.far().acquire();
    pair.far().release();
    pair.close();
    try (SocketPair next = SocketPair.stream()) {
      Map<Integer, String> before = own();

      pair.close();
      pair.far().close();

      assertThat(own()).containsEntry(number, before.get(number));
      assertThat(next.near().isClosed()).isFalse();
    }
  }

  private static Map<Integer, String> own() throws Exception {
    return descriptors(ProcessHandle.current().pid());
  }
}
