package dev.topology.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.topology.model.Architecture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agent that is checked in is what its source makes. */
class GuestAgentBuildTest {

  private static final Path SOURCE = Path.of("src/guest/build");
  private static final String COMPILER = "12.2.0";
  private static final String LIBRARY = "1.2.3";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"AMD64,72", "ARM64,84"})
  void isSmallAndStatic(Architecture architecture, int kibibytes) throws Exception {
    byte[] agent = checkedIn(architecture);
    assertThat(agent.length).isLessThan(kibibytes * 1024);
    assertThat(new String(agent, ISO_8859_1))
        .startsWith("\u007fELF")
        .doesNotContain("ld-musl", "/home/", "src/guest");
  }

  @ParameterizedTest
  @CsvSource({"AMD64,x86_64,gcc musl-tools", "ARM64,aarch64,gcc-aarch64-linux-gnu musl-dev:arm64"})
  void isWhatItsSourceMakes(Architecture architecture, String cpu, String packages)
      throws Exception {
    assumeTrue(
        output(cpu + "-linux-gnu-gcc", "-dumpfullversion").strip().equals(COMPILER)
            && isOurs(Path.of("/usr/lib/" + cpu + "-linux-musl/libc.a")),
        "needs gcc " + COMPILER + " and musl " + LIBRARY + ", as of Debian 12: " + packages);
    Path built = directory.resolve("agent");
    assertThat(
            output(SOURCE.toAbsolutePath().toString(), built.toString(), architecture.toString()))
        .isEmpty();
    assertThat(Files.readAllBytes(built))
        .as("run src/guest/build src/main/resources/dev/topology/image/agent-" + architecture)
        .isEqualTo(checkedIn(architecture));
  }

  private static boolean isOurs(Path library) throws IOException {
    return Files.exists(library)
        && new String(Files.readAllBytes(library), ISO_8859_1).contains(LIBRARY + "\0");
  }

  private static byte[] checkedIn(Architecture architecture) throws IOException {
    String resource = GuestInit.agent(architecture);
    try (InputStream in = GuestInit.class.getResourceAsStream(resource)) {
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
