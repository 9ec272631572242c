package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtraPackagesTest {

  private static final ImageRecipe SERVER =
      new ImageRecipe("server", List.of("iproute2", "openssh-server", "nginx-light", "frr"));

  @TempDir Path directory;

  @Test
  void runInTheGuestWithTheirLibrariesUsersAndDirectories() throws Exception {
    InstalledImage image =
        BuiltImage.get(new ImageRecipe("lab", List.of("iperf3", "tcpdump", "bird2")));

    try (TestGuest guest = TestGuest.boot(image, image.initramfs(), directory)) {
      guest.awaitControl("hello 1");
      guest.tell(
          "hostname lab",
          "command set -e",
          "command iperf3 --server --daemon --pidfile /run/iperf3",
          "command until iperf3 --client 127.0.0.1 --bytes 1M; do sleep 1; done",
          "command ping 127.0.0.1 >/dev/null & tcpdump -i lo -c 1 -w /tmp/capture && kill $!",
          "command printf 'router id 1.2.3.4; protocol device {}' >/etc/bird/bird.conf",
          "command bird -u bird -g bird; until birdc show status; do sleep 1; done",
          "command ip -V 2>&1 | grep -i busybox; echo \"$BASH_VERSION\" | grep .",
          "go");

      assertThat(guest.awaitEnd().isSuccess()).as(guest::toString).isTrue();
      assertThat(guest.control()).as(guest::toString).endsWith("exit 0");
      assertThat(guest.console())
          .contains("iperf Done.")
          .contains("1 packet captured")
          .contains("Router ID is 1.2.3.4");
    }
  }

  /** As their packages' units start them: with the users, keys and directories they want. */
  @Test
  void areConfiguredByTheirMaintainerScripts() throws Exception {
    InstalledImage image = BuiltImage.get(SERVER);

    try (TestGuest guest = TestGuest.boot(image, image.initramfs(), directory)) {
      guest.awaitControl("hello 1");
      guest.tell(
          "hostname lab",
          "command set -e",
          "command id sshd && sshd -t && /usr/sbin/sshd",
          "command mkdir -p /root/.ssh && cd /root/.ssh && ssh-keygen -q -t ed25519 -N '' -f id_ed25519",
          "command cp id_ed25519.pub authorized_keys",
          "command ssh -o StrictHostKeyChecking=no root@127.0.0.1 'echo logged in as $USER'",
          "command nginx && wget -qO- http://127.0.0.1/",
          // watchfrr gives the daemons 20 seconds, which an emulated guest on a busy host may
          // exceed.
          "command echo 'watchfrr_options=\"--restart-timeout 600\"' >>/etc/frr/daemons",
          "command /usr/lib/frr/frrinit.sh start; until vtysh -c 'show version'; do sleep 1; done",
          "command ls -l /usr/bin/ssh-agent /usr/bin/numfmt /usr/bin/ls /usr/sbin/sshd; find / -xdev -path '*dpkg/*' -o -name 'perl*'",
          "go");

      assertThat(guest.awaitEnd().isSuccess()).as(guest::toString).isTrue();
      assertThat(guest.control()).as(guest::toString).endsWith("exit 0");
      assertThat(guest.console())
          .contains("(sshd)")
          .contains("logged in as root")
          .contains("_ssh")
          .contains("Welcome to nginx!")
          .contains("Started watchfrr")
          .contains("FRRouting")
          .contains("/usr/bin/ls -> busybox")
          .containsPattern("(?m)root +\\d.* /usr/bin/numfmt\\s*$")
          .doesNotContain("/var/lib/dpkg")
          .doesNotContain("/usr/bin/perl");
    }
  }

  /** Scripts name either directory, whichever the package uses. */
  @Test
  void takeThePlaceOfBusyboxsPrograms() throws Exception {
    InstalledImage image = BuiltImage.get(SERVER);

    try (TestGuest guest = TestGuest.boot(image, image.initramfs(), directory)) {
      guest.awaitControl("hello 1");
      guest.tell(
          "hostname lab",
          "command set -e",
          "command ip -V; tc -V; ss -V; /sbin/ip -V; /bin/ip -V",
          "go");

      assertThat(guest.awaitEnd().isSuccess()).as(guest::toString).isTrue();
      assertThat(guest.control()).as(guest::toString).endsWith("exit 0");
      assertThat(guest.console()).contains("ip utility, iproute2").contains("tc utility, iproute2");
    }
  }
}
