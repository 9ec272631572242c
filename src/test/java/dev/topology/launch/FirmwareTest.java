package dev.topology.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.testing.DebianDisk;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Debian that boots from its disk by its own boot loader, as its makers' cloud images do. */
class FirmwareTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir private Path directory;

  @Test
  void bootsAsItIsAndLearnsWhoItIsFromCloudInit() throws Exception {
    Files.createSymbolicLink(directory.resolve("debian.qcow2"), DebianDisk.file());
    Path key = DebianDisk.newKey(directory);
    Files.writeString(
        directory.resolve("user-data"),
        "#cloud-config\nruncmd: [[sh, -c, 'echo from the user >/etc/told']]\n");
    String yaml =
        """
        nodes:
          debian:
            boot: firmware
            disks:
              - {file: debian.qcow2, bus: nvme}
              - {size: 64MiB, name: second}
              - {size: 64MiB, name: third, bus: scsi}
              - {size: 64MiB, name: fourth, bus: ide}
            ports: {22: auto}
            cloud_init: {ssh_keys: [key.pub], user_data: user-data}
            forward: true
            ready: {port: 22}
          left: {routes: {10.3.0.0/24: 10.2.0.1}}
          right: {routes: {default: 10.3.0.1}}
        cables:
          - {name: to-left, ends: [{node: debian, address: 10.2.0.1/24}, {node: left, address: 10.2.0.2/24}]}
          - {name: to-right, ends: [{node: debian, interface: lan7, address: 10.3.0.1/24}, {node: right, address: 10.3.0.2/24}]}
        """;

    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(20, TimeUnit.MINUTES);
      RunningNode debian = topology.node("debian");

      // Users and commands come after ssh.
      await().atMost(LONG).until(() -> ssh(debian, key, "cat /etc/told").equals("from the user"));
      assertThat(ssh(debian, key, "hostname; getent hosts left right"))
          .matches("debian\n10.2.0.2 +left\n10.3.0.2 +right");
      assertThat(ssh(debian, key, "cd /sys/class/net; ls -d eth0 eth1 lan7; cat lan7/address"))
          .startsWith("eth0\neth1\nlan7\n");
      assertThat(
              ssh(
                  debian,
                  key,
                  "cd /dev/disk/by-id; ls -d *disk1 *second *third *fourth; cat /proc/sys/net/ipv4/ip_forward"))
          .isEqualTo(
              """
              ata-QEMU_HARDDISK_fourth
              nvme-QEMU_NVMe_Ctrl_disk1
              scsi-0QEMU_QEMU_HARDDISK_third
              virtio-second
              1""");
      assertThat(topology.node("right").shell().run("ping -c 2 left").output())
          .contains(" 0% packet loss");
      assertThat(debian.console().text()).contains("Welcome to GRUB!", "Linux version");

      long pid = debian.usage().orElseThrow().pid();
      assertThat(apply(topology, yaml.replace("  left:", "  more: {}\n  left:")))
          .containsExactly("more: starts (new)");
      topology.awaitReady(LONG);
      assertThat(debian.usage().orElseThrow().pid()).isEqualTo(pid);

      assertThat(apply(topology, "nodes: {left: {}, more: {}}"))
          .contains("debian: ends (it is not in the file any more)");
      assertThat(debian.console().text()).contains("reboot: Power down");
    }
  }

  private List<String> apply(RunningTopology running, String yaml) throws Exception {
    return RealLaunch.change(running, directory)
        .carryOut(new ByteArrayInputStream(yaml.getBytes(UTF_8)), "lab.yaml", List.of());
  }

  private static String ssh(RunningNode node, Path key, String script) throws Exception {
    return DebianDisk.ssh(key, node.hostPort(22), script);
  }
}
