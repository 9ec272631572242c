package dev.topology.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.topology.host.ProbeRun.ProbeGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guests that are checked in are what their source makes. */
class ProbeGuestBuildTest {

  private static final Path BUILD = Path.of("src/probe/build").toAbsolutePath();

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void isWhatItsSourceMakes(ProbeGuest guest) throws Exception {
    assumeTrue(isThere("as") && isThere("objcopy"), "needs as and objcopy of binutils");

    Process build =
        new ProcessBuilder(BUILD.toString(), directory.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(build.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(build.waitFor()).isZero();
    assertThat(Files.readAllBytes(directory.resolve(guest.resource())))
        .as("run src/probe/build src/main/resources/dev/topology/host")
        .isEqualTo(guest.kernel());
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
