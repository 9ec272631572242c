package dev.topology.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.topology.host.ProbeRun.ProbeGuest;
import dev.topology.model.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guests that are checked in are what their source makes. */
class ProbeGuestBuildTest {

  private static final Path BUILD = Path.of("src/probe/build").toAbsolutePath();

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void isWhatItsSourceMakes(Architecture architecture) throws Exception {
    for (String cpu : List.of("x86_64", "aarch64")) {
      assumeTrue(
          isThere(cpu + "-linux-gnu-as") && isThere(cpu + "-linux-gnu-objcopy"),
          "needs as and objcopy for both architectures: binutils binutils-aarch64-linux-gnu");
    }

    Process build =
        new ProcessBuilder(BUILD.toString(), directory.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(build.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(build.waitFor()).isZero();
    for (ProbeGuest guest : ProbeGuest.values()) {
      if (guest != ProbeGuest.CLOCK || architecture == Architecture.AMD64) {
        assertThat(Files.readAllBytes(directory.resolve(guest.resource(architecture))))
            .as("run src/probe/build src/main/resources/dev/topology/host")
            .isEqualTo(guest.kernel(architecture));
      }
    }
  }

  private static boolean isThere(String program) throws Exception {
    try {
      Process process =
          new ProcessBuilder(program, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    }
  }
}
