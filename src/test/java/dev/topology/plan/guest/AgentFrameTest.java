package dev.topology.plan.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.topology.plan.guest.AgentFrame.BadFrameException;
import dev.topology.plan.guest.AgentFrame.Header;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentFrameTest {

  private static String hex(AgentFrame frame) {
    return HexFormat.of().formatHex(frame.bytes());
  }

  @Test
  void isAHeaderAndAPayload() {
    assertThat(hex(AgentFrame.data(7, 2, new byte[] {1, 0, -1})))
        .isEqualTo("0202" + "0000" + "00000007" + "00000003" + "0100ff");
    assertThat(hex(AgentFrame.credit(1L << 31, 0, 65536)))
        .isEqualTo("0400" + "0000" + "80000000" + "00000004" + "00010000");
    assertThat(hex(AgentFrame.window(7, 24, 80))).endsWith("00180050");
    assertThat(hex(AgentFrame.clock(7, Instant.ofEpochSecond(1, 2), new byte[] {9})))
        .endsWith("0000000000000001" + "00000002" + "09");
    assertThat(hex(AgentFrame.listen(7, 16, 80, new byte[] {10, 0, 0, 1})))
        .endsWith("00000010" + "0050" + "0a000001");
  }

  @Test
  void startsAProgram() {
    var size = new ProgramStart.TerminalSize(24, 80);
    var program = new ProgramStart(List.of("ls", ""), List.of("A=b"), true, Optional.of(size));
    assertThat(hex(program.frame(7, 16)))
        .isEqualTo(
            "1000"
                + "0000"
                + "00000007"
                + "00000016"
                + "00000010"
                + "0003"
                + "0018"
                + "0050"
                + "0002"
                + "0001"
                + "6c7300"
                + "00"
                + "413d6200");
    assertThat(ProgramStart.script("ls").arguments())
        .containsExactly("/bin/sh", "-c", "ls\n\nexit $?");
  }

  @Test
  void refusesWhatNoGuestCanRun() {
    assertThatIllegalArgumentException().isThrownBy(() -> ProgramStart.script("echo \0"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProgramStart.script("x".repeat(128 * 1024)))
        .withMessageContaining("128 KiB at the most");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProgramStart.script("ä".repeat(64 * 1024)));
    List<String> many = java.util.Collections.nCopies(4, "x".repeat(100_000));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProgramStart(many, List.of(), true, Optional.empty()))
        .withMessageContaining("256 KiB");
  }

  @Test
  void readsAHeader() {
    assertThat(Header.parse(header("220000000000000700000004")))
        .isEqualTo(new Header(AgentFrame.Type.EXIT, 0, 7, 4));
    assertThat(Header.parse(header("0202000080000001" + "00008000")))
        .isEqualTo(new Header(AgentFrame.Type.DATA, 2, (1L << 31) + 1, 32768));
  }

  private static byte[] header(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "000000000000000700000000", // no type
        "ff0000000000000700000000",
        "020100010000000700000000", // not zero
        "020100000000000700008001", // too long
        "0201000000000007ffffffff",
      })
  void takesNothingElseForAHeader(String hex) {
    assertThatExceptionOfType(BadFrameException.class).isThrownBy(() -> Header.parse(header(hex)));
  }

  @Test
  void knowsTheGreetingOfAnOlderImage() {
    byte[] older = Arrays.copyOf("shell 2\nshel".getBytes(US_ASCII), AgentFrame.HEADER_BYTES);
    assertThatExceptionOfType(BadFrameException.class)
        .isThrownBy(() -> Header.parse(older))
        .withMessageContaining("build its image again");
  }

  @Test
  void aNumberIsFourBytesAndNotNegative() {
    assertThat(AgentFrame.signal(7, 2).number()).isEqualTo(2);
    for (byte[] payload : List.of(new byte[3], new byte[5], new byte[] {-1, 0, 0, 0})) {
      assertThatExceptionOfType(BadFrameException.class)
          .isThrownBy(() -> new AgentFrame(AgentFrame.Type.EXIT, 0, 7, payload).number());
    }
  }
}
