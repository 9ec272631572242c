package dev.topology.host;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.model.Architecture;
import dev.topology.testing.FakeQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuLocatorTest {

  @TempDir Path first;
  @TempDir Path second;

  @Test
  void takesTheFirstOnThePath() throws Exception {
    Files.createDirectory(first.resolve("qemu-system-x86_64"));
    Path program = FakeQemu.in(second, "").program();

    assertThat(locator("PATH", "::" + first + ":" + second).locate()).isEqualTo(program);
  }

  @Test
  void prefersTheVariableToThePath() throws Exception {
    FakeQemu.in(first, "");
    Path named = FakeQemu.in(second, "").program();
    Map<String, String> environment =
        Map.of("PATH", first.toString(), "TOPOLOGY_QEMU", named.toString());

    assertThat(new QemuLocator(environment, Architecture.AMD64, Architecture.AMD64).locate())
        .isEqualTo(named);
  }

  @Test
  void saysHowToInstallWhatIsNotThere() {
    assertThatThrownBy(() -> locator("PATH", first.toString()).locate())
        .hasMessage("there is no qemu-system-x86_64 on the PATH (" + first + ")")
        .isInstanceOfSatisfying(
            UnfitHostException.class,
            e ->
                assertThat(e.remedy())
                    .contains("apt-get install qemu-system-x86", "dnf install", "apk add"));
  }

  @Test
  void saysThatTheVariableLeadsNowhere() {
    Path missing = first.resolve("qemu");

    assertThatThrownBy(() -> locator("TOPOLOGY_QEMU", missing.toString()).locate())
        .hasMessage("cannot use " + missing + " (from TOPOLOGY_QEMU) as QEMU: no such file");
  }

  @Test
  void refusesAFileThatMayNotBeExecuted() throws IOException {
    Path file = Files.createFile(first.resolve("qemu"));

    assertThatThrownBy(() -> locator("TOPOLOGY_QEMU", file.toString()).locate())
        .hasMessage(
            "cannot use "
                + file
                + " (from TOPOLOGY_QEMU) as QEMU: not a file that may be executed");
  }

  @Test
  void looksForTheQemuOfAnotherArchitectureByItsOwnNames() throws Exception {
    Path own = FakeQemu.in(first, "").program();
    Path other = Files.copy(own, second.resolve("qemu-system-aarch64"), COPY_ATTRIBUTES);
    Map<String, String> environment =
        Map.of("PATH", first.toString(), "TOPOLOGY_QEMU", own.toString());

    assertThatThrownBy(() -> foreign(environment).locate())
        .hasMessage("there is no qemu-system-aarch64 on the PATH (" + first + ")")
        .isInstanceOfSatisfying(
            UnfitHostException.class,
            e ->
                assertThat(e.remedy())
                    .contains("apt-get install qemu-system-arm", "TOPOLOGY_QEMU_ARM64=/path/to/"));
    assertThat(foreign(Map.of("PATH", second.toString())).locate()).isEqualTo(other);
    assertThat(foreign(Map.of("TOPOLOGY_QEMU_ARM64", other.toString())).locate()).isEqualTo(other);
  }

  private static QemuLocator foreign(Map<String, String> environment) {
    return new QemuLocator(environment, Architecture.AMD64, Architecture.ARM64);
  }

  private static QemuLocator locator(String variable, String value) {
    return new QemuLocator(Map.of(variable, value), Architecture.AMD64, Architecture.AMD64);
  }
}
