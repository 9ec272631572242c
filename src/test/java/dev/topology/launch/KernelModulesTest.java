package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageRecipe;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All modules of the kernel's package are loaded when they are needed, and not before. */
class KernelModulesTest {

  @TempDir private Path directory;

  @Test
  void areThereWhenTheyAreNeededAndCostNothingUntilThen() throws Exception {
    try (Launch launch = RealLaunch.of("nodes: {node: {}}", directory)) {
      assertThat(run(launch, "cut -d' ' -f1 /proc/modules"))
          .contains("virtio_net")
          .doesNotContain("virtio_blk", "erofs");
      // What is loaded at boot need not stay in memory as a file, too; it goes in the background.
      await()
          .atMost(Duration.ofMinutes(10))
          .untilAsserted(
              () ->
                  assertThat(run(launch, "find /lib/modules/ -name '*.ko' | sed 's,.*/,,' | sort"))
                      .isEqualTo("erofs.ko\nlibcrc32c.ko\nvirtio_blk.ko"));

      for (String kind : List.of("bridge", "dummy", "veth", "bond", "wireguard")) {
        run(launch, "ip link add x type " + kind + " && ip link del x");
      }
      run(launch, "ip link add link eth0 name lan.5 type vlan id 5 && ip link del lan.5");
      run(launch, "ip link add link eth0 name mac type macvlan && ip link del mac");
      // busybox's ip cannot give these what they want besides.
      run(launch, "! ip link add x type vxlan && ! ip link add x type vrf");
      run(launch, "cd /sys/module && ls -d bonding 8021q vxlan vrf wireguard macvlan");
      run(launch, ": <>/dev/net/tun && ls -d /sys/module/tun");
      run(launch, "modprobe -a nf_tables iptable_nat nft_masq xt_conntrack && modprobe ext4");
      run(
          launch,
          "mkdir -p /tmp/o && mount -t overlay -o lowerdir=/etc:/usr none /tmp/o && ls /tmp/o/hosts");
      run(launch, "modprobe -a virtiofs squashfs && grep squashfs /proc/filesystems");
      run(launch, "modprobe ifb numifbs=3 && ls -d /sys/class/net/ifb2 && modprobe -r ifb");
      assertThat(run(launch, "modprobe such_a_module_is_not_there 2>&1 || true"))
          .contains("such_a_module_is_not_there not found");
    }
  }

  /** In an image with bash, the programs of packages, and the package kmod. */
  @Test
  void areThereForProgramsOfPackages() throws Exception {
    ImageRecipe recipe = new ImageRecipe("filter", List.of("iptables", "nftables", "kmod"));
    TestHost.imageBuilder().ensure(recipe, new BuildListener() {});
    try (Launch launch = RealLaunch.of("nodes: {node: {image: filter}}", directory)) {
      run(
          launch,
          "nft add table inet t && nft 'add chain inet t c {type nat hook output priority 0;}'");
      run(
          launch,
          "nft add rule inet t c ip daddr 1.2.3.4 redirect && nft list ruleset | grep redirect");
      run(launch, "iptables -t nat -A POSTROUTING -j MASQUERADE && iptables -t nat -S | grep MASQ");
      run(launch, "iptables-legacy -A INPUT -m conntrack --ctstate NEW -j ACCEPT");
      run(launch, "modprobe zram && lsmod | grep zram && rmmod zram");
    }
  }

  private static String run(Launch launch, String script) throws Exception {
    return launch.topology().node("node").shell().run(script).expectSuccess().output().strip();
  }
}
