package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.Virtiofsd.Dialect;
import dev.topology.plan.Virtiofsd.Isolation;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtiofsdProbeTest {

  private static final String NAME_SPACES = "--translate-uid --readonly --shared-dir <SHARED_DIR>";

  @TempDir private Path directory;

  @Test
  void knowsThemByTheirHelp() throws Exception {
    Isolation here = TestHost.requireShares().isolation();

    SharingVerdict inRust = probe(program("echo '" + NAME_SPACES + "'"));
    assertThat(inRust.virtiofsd().orElseThrow())
        .matches(it -> it.dialect() == Dialect.RUST && it.readOnly() && it.squashes())
        .matches(it -> it.isolation() == here);
    SharingVerdict inC = probe(program("echo '    -o source=PATH    shared directory tree' >&2"));
    assertThat(inC.virtiofsd().orElseThrow())
        .matches(it -> it.dialect() == Dialect.C && !it.readOnly() && !it.squashes());
  }

  @Test
  void answersAgainUntilTheProgramChanges() throws Exception {
    TestHost.requireShares();
    Path program = program("echo '" + NAME_SPACES + "'; echo x >>" + directory.resolve("runs"));

    assertThat(probe(program)).isEqualTo(probe(program));

    assertThat(Files.readString(directory.resolve("runs"))).isEqualTo("x\n");
  }

  @Test
  void refusesWhatIsNone() throws Exception {
    Path other = program("echo hello");

    assertThat(probe(other))
        .matches(it -> it.virtiofsd().isEmpty())
        .extracting(SharingVerdict::reason)
        .asString()
        .startsWith(other + " is not a virtiofsd");
    assertThat(probe(directory.resolve("none")).reason()).isEqualTo("there is no virtiofsd");
  }

  private Path program(String script) throws Exception {
    Path program = directory.resolve("program-" + Integer.toHexString(script.hashCode()));
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private SharingVerdict probe(Path program) throws Exception {
    return Host.of(directory.resolve("cache"), Map.of("TOPOLOGY_VIRTIOFSD", program.toString()))
        .sharing();
  }
}
