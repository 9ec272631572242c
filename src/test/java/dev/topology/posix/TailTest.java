package dev.topology.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.posix.ChildProcess.CapturedOutput.Tail;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class TailTest {
  private final Tail tail = new Tail();

  @Test
  void keepsAllOfALittle() {
    append("one\n");
    append("twö");

    assertThat(tail.text()).isEqualTo("one\ntwö");
  }

  @Test
  void keepsTheLastLinesOfMuch() {
    for (int i = 0; i < 100_000; i++) {
      append("line " + i + "\n");
    }

    assertThat(tail.text()).startsWith("line ").endsWith("line 99998\nline 99999\n");
    assertThat(tail.text().length()).isBetween(Tail.BYTES - 20, Tail.BYTES);
  }

  @Test
  void keepsTheEndOfALineWithoutEnd() {
    for (int i = 0; i < 1000; i++) {
      append("x".repeat(1000));
    }

    assertThat(tail.text()).isEqualTo("x".repeat(Tail.BYTES));
  }

  private void append(String text) {
    tail.append(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }
}
