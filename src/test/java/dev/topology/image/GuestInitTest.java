package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.image.initramfs.OverlayWriter;
import dev.topology.image.initramfs.OverlayWriter.AddedFile;
import dev.topology.plan.guest.AgentFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestInitTest {

  private static final String FIRST_MAC = "02:5e:10:00:00:01";
  private static final String SECOND_MAC = "02:5e:10:00:00:02";

  @TempDir Path directory;

  @Test
  void becomesTheNodeItIsToldToBe() throws Exception {
    InstalledImage image = BuiltImage.get();
    // The kernel calls the interfaces eth0, eth1, eth2 in this order; the host wants the last two
    // swapped.
    try (TestGuest guest =
        TestGuest.boot(image, image.initramfs(), directory, FIRST_MAC, SECOND_MAC)) {
      guest.awaitControl("hello 1");
      guest.tell(
          "hostname left",
          "clock 2000000000.250",
          "seed 4f0c11",
          "interface eth0 " + TestGuest.HOST_MAC + " dhcp",
          "interface eth1 " + SECOND_MAC + " 10.64.0.0/31",
          "interface eth2 " + FIRST_MAC + " 10.0.3.2/24,fd00:3::2/64",
          "peer right 10.64.0.1",
          "route 10.0.4.0/24 10.64.0.1",
          "route fd00:4::/64 fd00:3::1",
          "route default 10.64.0.1",
          "forward",
          "command ip -o addr; ip route; ip -6 route; cat /etc/hosts /etc/resolv.conf",
          "command for i in 1 2",
          "command do echo \"round  $i on $(tty) of $(hostname)\"",
          "command done",
          "command echo clock $(date +%s)",
          "command cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/eth2/forwarding",
          "command ls -1 /dev/virtio-ports",
          "command exit 7",
          "go");

      assertThat(guest.awaitEnd().isSuccess()).as(guest::toString).isTrue();
      assertThat(guest.control()).containsExactly("hello 1", "ready", "exit 7");
      assertThat(guest.console())
          .containsPattern("eth0 +inet 10\\.42\\.0\\.10/24 ")
          .containsPattern("eth1 +inet 10\\.64\\.0\\.0/31 ")
          .containsPattern("eth2 +inet 10\\.0\\.3\\.2/24 ")
          .containsPattern("eth2 +inet6 fd00:3::2/64 scope global ")
          .containsPattern("default via 10\\.64\\.0\\.1 dev eth1")
          .containsPattern("10\\.0\\.4\\.0/24 via 10\\.64\\.0\\.1 dev eth1")
          .containsPattern("fd00:4::/64 via fd00:3::1 dev eth2")
          .contains("127.0.0.1 localhost left\n10.64.0.1 right\nnameserver 10.42.0.3\n")
          .contains("round  1 on /dev/hvc0 of left\nround  2 on /dev/hvc0 of left\n")
          .contains("\n1\n1\nresults\ntopology.control\ntopology.shell\n")
          .containsPattern("clock 20000000[0-5][0-9]\n");
    }
  }

  @Test
  void reportsWhatFailsAndOffersAShell() throws Exception {
    InstalledImage image = BuiltImage.get();
    try (TestGuest guest = TestGuest.boot(image, image.initramfs(), directory, FIRST_MAC)) {
      guest.awaitControl("hello 1");
      guest.tell(
          "hostname lonely",
          "interface eth1 " + FIRST_MAC + " 10.0.0.300/24",
          "interface eth2 " + SECOND_MAC + " none",
          "route 10.0.9.0/24 10.0.8.1",
          "wibble wobble",
          "module such-a_module",
          "sysctl net/ipv4/none 1",
          "sysctl net/ipv4/ip_forward many",
          "sysctl net/ipv4/conf/eth9/rp_filter 1",
          "go");
      guest.awaitControl("ready");

      assertThat(guest.control().get(1))
          .startsWith("error cannot set address 10.0.0.300/24 on eth1: ");
      assertThat(guest.control().subList(2, 3))
          .containsExactly("error cannot set up eth2: no interface has the address " + SECOND_MAC);
      assertThat(guest.control().get(3)).startsWith("error cannot set the route to 10.0.9.0/24: ");
      assertThat(guest.control().subList(4, 9))
          .containsExactly(
              "error unknown line: wibble wobble",
              "error cannot load the kernel module such-a_module: this kernel has no such module",
              "error cannot set net/ipv4/none: this kernel has no such parameter",
              "error cannot set net/ipv4/ip_forward to many: the kernel does not take it",
              "error cannot set net/ipv4/conf/eth9/rp_filter: there is no interface eth9");
      guest.awaitConsole("topology: unknown line: wibble wobble");

      guest.type("echo began with $((6 * 7))\n");
      guest.awaitConsole("began with 42\\s+lonely:/# ");
      // Said by a process of the command, so that Ctrl-C does not reach the shell, which is deaf to
      // it before it has started one.
      guest.type("sh -c 'echo \"sleep\"ing; sleep 1000'\n");
      guest.awaitConsole("sleeping");
      guest.type("\u0003");
      // The shell's line end and the terminal's echo come in either order.
      guest.awaitConsole("\\^C\\s*lonely:/# ");
      servesTheShellPort(guest);
      guest.type("cd /etc && exit\n");

      assertThat(guest.awaitEnd().isSuccess()).as(guest::toString).isTrue();
      assertThat(guest.control()).endsWith("exit 0");
    }
  }

  /** What it then does is told by {@link dev.topology.run.ExecutionTest}. */
  private void servesTheShellPort(TestGuest guest) throws Exception {
    try (TestPort shell = TestPort.socket(directory.resolve("shell"))) {
      await()
          .atMost(Duration.ofMinutes(10))
          .untilAsserted(
              () -> assertThat(shell.text()).as(guest::toString).contains(AgentFrame.GREETING));
    }
  }

  @Test
  void bringsUpTheNetworkByItselfWhereThereIsNoControlPort() throws Exception {
    try (TestGuest guest = TestGuest.bootAlone(BuiltImage.get(), directory)) {
      guest.awaitConsole("Enter starts a shell");
      guest.type("\n");
      guest.awaitConsole("/# ");
      guest.type("ip addr show eth0; poweroff\n");

      assertThat(guest.awaitEnd().isSuccess()).as(guest::toString).isTrue();
      assertThat(guest.console()).contains("inet 10.42.0.10/24");
    }
  }

  @Test
  void deliversAllOutputAndFindsFilesLaidOverIt() throws Exception {
    InstalledImage image = BuiltImage.get();
    Path script = directory.resolve("script");
    Files.write(script, List.of("#!/bin/sh", "seq 1 20000"));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
    Path initramfs = directory.resolve("initramfs");
    OverlayWriter.write(image.initramfs(), List.of(new AddedFile("/bin/count", script)), initramfs);

    try (TestGuest guest = TestGuest.boot(image, initramfs, directory)) {
      guest.awaitControl("hello 1");
      guest.tell(
          "hostname counter", "clock " + Instant.now().getEpochSecond(), "command count", "go");

      assertThat(guest.awaitEnd().isSuccess()).as(guest::toString).isTrue();
      assertThat(guest.control()).containsExactly("hello 1", "ready", "exit 0");
      assertThat(guest.console().equals(counted(20_000))).isTrue();
    }
  }

  private static String counted(int last) {
    return IntStream.rangeClosed(1, last).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}
