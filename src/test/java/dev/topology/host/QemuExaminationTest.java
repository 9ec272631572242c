package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuExaminationTest {

  private static final String OLD_QEMU =
      """
      case "$*" in
        --version) echo 'QEMU emulator version 4.1.0' ;;
        *-sandbox*) echo 'There is no option group sandbox' >&2; exit 1 ;;
        *) echo 'Supported machines are:' ;;
      esac""";

  @TempDir Path cache;
  @TempDir Path programs;

  private QemuExamination examination;

  @BeforeEach
  void setUp() {
    examination = new QemuExamination(new ProbeCache(cache));
  }

  @Test
  void knowsWhatThisMachinesQemuCanDo() throws Exception {
    Qemu qemu = examination.examine(RealQemu.path());

    assertThat(qemu.version()).isGreaterThanOrEqualTo(new Qemu.Version(5, 0, 0));
    assertThat(qemu.microvm()).isTrue();
  }

  @Test
  void noticesWhatAnOldQemuLacks() throws Exception {
    Path program = FakeQemu.in(programs, OLD_QEMU).program();

    assertThat(examination.examine(program))
        .isEqualTo(new Qemu(program, new Qemu.Version(4, 1, 0), false, false));
  }

  @Test
  void asksOnceUntilTheProgramChanges() throws Exception {
    FakeQemu fake = FakeQemu.in(programs, OLD_QEMU);

    Qemu first = examination.examine(fake.program());
    assertThat(examination.examine(fake.program())).isEqualTo(first);
    assertThat(fake.runs()).hasSize(3);

    Files.setLastModifiedTime(fake.program(), FileTime.from(Instant.EPOCH));
    examination.examine(fake.program());
    assertThat(fake.runs()).hasSize(6);
  }

  @Test
  void refusesAProgramThatIsSomethingElse() throws Exception {
    Path program = FakeQemu.in(programs, "echo 'Hello, world'").program();

    assertThatThrownBy(() -> examination.examine(program))
        .isInstanceOf(UnfitHostException.class)
        .hasMessage(program + " is not a QEMU: with --version it printed \"Hello, world\"");
  }

  @Test
  void refusesAProgramThatCannotBeStarted() throws Exception {
    Path program = FakeQemu.in(programs, "").program();
    Files.writeString(program, "#!/no/such/interpreter\n");

    assertThatThrownBy(() -> examination.examine(program))
        .isInstanceOf(UnfitHostException.class)
        .hasMessageStartingWith("cannot run " + program);
  }
}
