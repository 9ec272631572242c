package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent that is checked in is what its source makes. */
class GuestAgentBuildTest {

  private static final Path SOURCE = Path.of("src/guest/build");
  private static final String COMPILER = "12.2.0";
  private static final String LIBRARY = "Version 1.2.3";
  private static final int MOST_BYTES = 72 * 1024;

  @TempDir Path directory;

  @Test
  void isSmallAndStatic() throws Exception {
    byte[] agent = checkedIn();
    assertThat(agent.length).isLessThan(MOST_BYTES);
    assertThat(new String(agent, StandardCharsets.ISO_8859_1))
        .startsWith("\u007fELF")
        .doesNotContain("ld-musl", "/home/", "src/guest");
  }

  @Test
  void isWhatItsSourceMakes() throws Exception {
    assumeTrue(
        output("musl-gcc", "-dumpfullversion").strip().equals(COMPILER)
            && output("/lib/ld-musl-x86_64.so.1").contains(LIBRARY),
        "needs gcc " + COMPILER + " and musl 1.2.3, as of Debian 12: gcc musl-tools");
    Path built = directory.resolve("agent");
    assertThat(output(SOURCE.toAbsolutePath().toString(), built.toString())).isEmpty();
    assertThat(Files.readAllBytes(built))
        .as("run src/guest/build src/main/resources/dev/topology/image/agent-x86_64")
        .isEqualTo(checkedIn());
  }

  private static byte[] checkedIn() throws IOException {
    try (InputStream in = GuestInit.class.getResourceAsStream("agent-x86_64")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  /** What a program says; nothing where there is none. */
  private static String output(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    } catch (IOException missing) {
      return "";
    }
  }
}
