package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.model.Architecture;
import dev.topology.testing.FakeQemu;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QemuTest {

  private static final String POOR_QEMU =
      """
      case "$*" in
        --version) echo 'QEMU emulator version 5.0.0' ;;
        *-sandbox*) echo 'There is no option group sandbox' >&2; exit 1 ;;
        *) echo 'microvm-machine options:' ;;
      esac""";

  @TempDir Path cache;
  @TempDir Path programs;

  @Test
  void knowsWhatThisMachinesQemuCanDo() throws Exception {
    Qemu qemu = examine(TestHost.qemu());

    assertThat(qemu.version()).isGreaterThanOrEqualTo(new Qemu.Version(5, 0, 0));
    assertThat(qemu.architecture()).isEqualTo(TestHost.architecture());
  }

  @Test
  void noticesWhatAQemuLacks() throws Exception {
    Path program = FakeQemu.in(programs, POOR_QEMU).program();

    assertThat(examine(program))
        .isEqualTo(new Qemu(program, new Qemu.Version(5, 0, 0), Architecture.AMD64, false, false));
  }

  @Test
  void refusesAQemuWithoutTheMachine() throws Exception {
    Path program =
        FakeQemu.in(
                programs, POOR_QEMU.replace("microvm-machine options", "Supported machines are"))
            .program();

    assertThatThrownBy(() -> examine(program))
        .isInstanceOf(UnfitHostException.class)
        .hasMessage(program + ", version 5.0.0, has no machine type \"microvm\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"virt-machine options:", "virt-7.2-machine options:"})
  void knowsAMachineThatHasVersions(String options) throws Exception {
    Path program =
        FakeQemu.in(programs, POOR_QEMU.replace("microvm-machine options:", options)).program();

    assertThat(examine(program, Architecture.ARM64).architecture()).isEqualTo(Architecture.ARM64);
  }

  @Test
  void asksOnceUntilTheProgramChanges() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, POOR_QEMU);

    Qemu first = examine(fake.program());
    assertThat(examine(fake.program())).isEqualTo(first);
    assertThat(fake.runs()).hasSize(4);

    Files.setLastModifiedTime(fake.program(), FileTime.from(Instant.EPOCH));
    examine(fake.program());
    assertThat(fake.runs()).hasSize(8);
  }

  @Test
  void refusesAProgramThatIsSomethingElse() throws Exception {
    Path program = FakeQemu.in(programs, "echo 'Hello, world'").program();

    assertThatThrownBy(() -> examine(program))
        .isInstanceOf(UnfitHostException.class)
        .hasMessage(program + " is not a QEMU: with --version it printed \"Hello, world\"");
  }

  @Test
  void refusesAProgramThatCannotBeStarted() throws Exception {
    Path program = FakeQemu.in(programs, "").program();
    Files.writeString(program, "#!/no/such/interpreter\n");

    assertThatThrownBy(() -> examine(program))
        .isInstanceOf(UnfitHostException.class)
        .hasMessageStartingWith("cannot run " + program);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3) | 7.2.22
          QEMU emulator version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1.4)     | 8.2.2
          QEMU emulator version 10.0.0                                   | 10.0.0
          QEMU emulator version 9.1.3 (qemu-9.1.3-2.fc41)                | 9.1.3
          QEMU emulator version 2.9                                      | 2.9.0
          QEMU emulator version 9.0.50 (v9.0.0-1388-g80e8f06021-dirty)   | 9.0.50
          """)
  void readsWhatQemuPrints(String line, String version) {
    String output = line + "\nCopyright (c) 2003-2022 Fabrice Bellard and the QEMU developers\n";

    assertThat(Qemu.Version.parse(output)).map(Qemu.Version::toString).hasValue(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "qemu-img version 7.2.22",
        "QEMU emulator version ",
        "QEMU emulator version seven",
        "QEMU emulator version 99999999999.1.1",
        "\nQEMU emulator version 7.2.22"
      })
  void knowsWhatIsNotAVersion(String output) {
    assertThat(Qemu.Version.parse(output)).isEmpty();
  }

  @Test
  void comparesNumbersNotText() {
    assertThat(new Qemu.Version(10, 0, 0)).isGreaterThan(new Qemu.Version(9, 2, 0));
    assertThat(new Qemu.Version(7, 2, 22)).isGreaterThan(new Qemu.Version(7, 2, 3));
    assertThat(new Qemu.Version(7, 2, 0)).isGreaterThan(new Qemu.Version(7, 1, 9));
  }

  private Qemu examine(Path program) throws UnfitHostException, InterruptedException {
    return examine(program, Architecture.AMD64);
  }

  private Qemu examine(Path program, Architecture architecture)
      throws UnfitHostException, InterruptedException {
    QemuLocator locator =
        new QemuLocator(Map.of("TOPOLOGY_QEMU", program.toString()), architecture, architecture);
    return Qemu.examine(locator, new ProbeCache(cache));
  }
}
