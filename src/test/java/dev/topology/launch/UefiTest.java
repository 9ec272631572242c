package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.topology.model.Architecture;
import dev.topology.plan.Planner.PlanException;
import dev.topology.run.RunningNode;
import dev.topology.testing.EfiDisk;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PCs whose firmware is a UEFI, and arm64 guests, which have no other. */
class UefiTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** GRUB draws a menu, or reads commands, at the serial port. */
  private static final String GRUB =
      """
      serial --unit=0 --speed=115200
      terminal_input serial
      terminal_output serial
      echo "started by $grub_platform"
      """;

  private static final String YAML =
      """
      nodes:
        pc:
          boot: firmware
          firmware: uefi
          memory: 256MiB
          disks: [{file: efi.img, format: raw}]
          ready: {console: 'started by efi'}
      """;

  @TempDir private Path directory;

  @Test
  void startsWhatIsInTheEfiSystemPartition() throws Exception {
    Path variables = TestHost.requireUefi(Architecture.AMD64).variables();
    byte[] before = Files.readAllBytes(variables);
    EfiDisk.make(directory, GRUB);

    try (Launch launch = RealLaunch.of(YAML, directory)) {
      RunningNode pc = launch.topology().node("pc");
      launch.topology().ready().get(LIMIT.toMinutes(), TimeUnit.MINUTES);

      assertThat(pc.console().text()).contains("started by efi");
    }
    assertThat(Files.readAllBytes(variables)).isEqualTo(before);
  }

  @Test
  void startsItInArm64GuestsAsWell() throws Exception {
    TestHost.requireUefi(Architecture.ARM64);
    EfiDisk.makeForArm64(directory, "started on arm64");
    String yaml =
        """
        nodes:
          board:
            arch: arm64
            boot: firmware
            memory: 256MiB
            disks: [{file: efi.img, format: raw, bus: nvme}, {size: 64MiB, bus: scsi}]
            ready: {console: started on arm64}
        """;

    try (Launch launch = RealLaunch.of(yaml, directory)) {
      launch.topology().awaitReady(LIMIT);

      assertThat(launch.topology().node("board").console().text()).contains("started on arm64");
    }
  }

  @Test
  void saysWhatToInstallWhereThereIsNone() throws Exception {
    assertThat(refusal(YAML)).contains("node \"pc\" boots by UEFI", "apt-get install ovmf");
  }

  @Test
  void saysWhatToInstallForArm64Guests() throws Exception {
    TestHost.qemu(Architecture.ARM64);

    assertThat(refusal(YAML.replace("firmware: uefi", "arch: arm64")))
        .contains("node \"pc\" boots by UEFI", "apt-get install qemu-efi-aarch64");
  }

  /** What is said where no package has a firmware. */
  private String refusal(String yaml) throws Exception {
    Files.write(directory.resolve("efi.img"), new byte[512]);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("TOPOLOGY_FIRMWARE", directory.toString());
    return String.valueOf(
        assertThrows(
                PlanException.class, () -> RealLaunch.of(yaml, directory, environment, () -> {}))
            .getMessage());
  }
}
