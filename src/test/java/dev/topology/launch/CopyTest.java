package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.run.RunningNode;
import dev.topology.run.node.RunException.NodeEndedException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files between the host and a guest, both ways. */
class CopyTest {

  private static final int LARGE = 24 << 20;

  @TempDir private Path directory;

  @Test
  void copiesByTheRulesOfDockerAndLeavesNothingElse() throws Exception {
    Path host = Files.createDirectory(directory.resolve("host"));
    byte[] large = new byte[LARGE];
    new Random(1).nextBytes(large);
    Path tree = host.resolve("tree");
    Files.createDirectories(tree.resolve("empty"));
    Files.write(tree.resolve("large"), large);
    Files.writeString(tree.resolve("run ä'\"\n.sh"), "echo hello\n");
    Files.setPosixFilePermissions(
        tree.resolve("run ä'\"\n.sh"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("large"));

    try (Launch launch = RealLaunch.of("nodes: {a: {host_network: false}}", directory)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
      RunningNode a = launch.topology().node("a");

      a.copyTo(tree, "/new");
      a.copyTo(tree, "/new");
      a.copyTo(tree.resolve("."), "/new/tree/empty");
      a.copyTo(tree.resolve("large"), "srv");
      assertThat(run(a, "cd /new && find . | sort | tr '\\n' ' '"))
          .startsWith(". ./empty ./large ./link ./run ")
          .contains(" ./tree/empty/empty ", " ./tree/empty/link ");
      assertThat(run(a, "stat -c '%a %u %s' /new/run* /new/large; readlink /new/link"))
          .isEqualTo("751 0 11\n644 0 " + LARGE + "\nlarge");
      assertThat(run(a, "cmp /srv /new/large && echo same")).isEqualTo("same");

      a.copyFrom("/new", host.resolve("back"));
      a.copyFrom("/new/tree/.", host.resolve("back"));
      a.copyFrom("new/large", host);
      assertThat(Arrays.equals(Files.readAllBytes(host.resolve("large")), large)).isTrue();
      assertThat(Arrays.equals(Files.readAllBytes(host.resolve("back/tree/large")), large))
          .isTrue();
      assertThat(Files.readSymbolicLink(host.resolve("back/link"))).isEqualTo(Path.of("large"));
      assertThat(Files.getPosixFilePermissions(host.resolve("back/run ä'\"\n.sh")))
          .isEqualTo(PosixFilePermissions.fromString("rwxr-x--x"));
      assertThat(host.resolve("back/empty/empty")).isDirectory();

      refuses(() -> a.copyTo(host.resolve("none"), "/x"), "there is no " + host.resolve("none"));
      refuses(
          () -> a.copyTo(tree, "/none/x"), "cannot copy to a:/none/x: there is no directory /none");
      refuses(() -> a.copyTo(tree, "/srv"), "/srv is a file, which a directory cannot replace");
      refuses(() -> a.copyTo(tree.resolve("large"), "/none/"), "there is no directory /none/");
      refuses(() -> a.copyFrom("/none", host), "cannot copy a:/none: there is no /none");
      refuses(() -> a.copyFrom("/dev/null", host.resolve("dev")), "which cannot be copied");
      refuses(() -> a.copyFrom("/new", host.resolve("large")), "a directory cannot replace");
      refuses(() -> a.copyFrom("/srv", host.resolve("no/where")), "there is no directory");
      run(a, "mkdir /small && mount -t tmpfs -o size=1m tmpfs /small");
      refuses(() -> a.copyTo(tree.resolve("large"), "/small/large"), "space left");

      a.copyFrom("/proc/cpuinfo", host);
      assertThat(host.resolve("cpuinfo")).content().contains("processor");
      refuses(
          () -> a.copyFrom("/proc", host), "cannot copy a:/proc: copy single files of /proc, no");
      a.copyFrom("/sys/class/net/lo/statistics/.", host.resolve("statistics"));
      assertThat(host.resolve("statistics/rx_bytes")).content().containsPattern("[0-9]");
      run(a, "touch /tmp/nothing");
      a.copyFrom("/tmp/nothing", host);
      assertThat(host.resolve("nothing")).isEmptyFile();
      a.copyTo(Path.of("/proc/self/mounts"), "/mounts");
      assertThat(run(a, "cat /mounts")).contains("/proc proc");
      assertThat(a.copyFrom("/dev", host.resolve("devices"))).contains("./dev/null", "./dev/hvc0");
      assertThat(host.resolve("devices")).isDirectory();
      Path small = Files.createDirectory(host.resolve("small"));
      Files.createSymbolicLink(small.resolve("link"), Path.of("nowhere"));
      try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        socket.bind(UnixDomainSocketAddress.of(small.resolve("socket")));
        assertThat(a.copyTo(small, "/other")).containsExactly(small.resolve("socket").toString());
      }
      assertThat(run(a, "mkfifo /other/pipe && ls /other | tr '\\n' ' '")).isEqualTo("link pipe ");
      assertThat(a.copyFrom("/other/.", host.resolve("other"))).containsExactly("./pipe");

      a.copyFrom("/etc", host.resolve("etc"));
      assertThat(host.resolve("etc/passwd")).isRegularFile();
      assertThat(run(a, "find / -xdev -name '.topology-cp*'; ls -A /small")).isEmpty();
      try (Stream<Path> left = Files.walk(host)) {
        assertThat(left.map(it -> it.getFileName().toString()))
            .noneMatch(it -> it.startsWith(".topology-cp"))
            .doesNotContain("dev");
      }
      a.stop();
      assertThatThrownBy(() -> a.copyTo(tree, "/x"))
          .isInstanceOf(NodeEndedException.class)
          .message()
          .startsWith("a ended before its command \"/bin/sh -c ")
          .hasSizeLessThan(200);
    }
  }

  /** What copies a file or says why not. */
  private interface Copying {
    void copy() throws IOException, InterruptedException;
  }

  private static void refuses(Copying copying, String words) {
    assertThatIOException().isThrownBy(copying::copy).withMessageContaining(words);
  }

  private static String run(RunningNode node, String script) throws Exception {
    return node.shell().run(script).output();
  }
}
