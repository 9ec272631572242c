package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.oci.LayoutMaker;
import dev.topology.image.oci.TarMaker;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import dev.topology.testing.Busybox;
import dev.topology.testing.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks of nodes, as guests see them and as the host finds them afterwards. */
class DiskTest {

  @TempDir private Path directory;

  @Test
  void areWrittenToAsTheirModesSay() throws Exception {
    fileSystem("shared.raw");
    fileSystem("kept.raw");
    byte[] before = Files.readAllBytes(directory.resolve("shared.raw"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("shared.raw"));
    container();
    String yaml =
        """
        nodes:
          a:
            disks:
              - {file: shared.raw, name: data, mount: /data, size: 1GiB}
              - {file: kept.raw, mode: write, name: kept, mount: /a/new/place}
              - {size: 2GiB, name: work, mount: /work}
              - {size: 1GiB}
          b: {disks: [{file: link, mount: /data}, {file: shared.raw, mode: read, name: only, mount: /only}]}
          c: {image: "oci:./layout", disks: [{file: shared.raw, mount: /srv/data}, {size: 64MiB, mount: /tmp/work}]}
        """;

    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningNode a = topology.node("a");
      RunningNode b = topology.node("b");
      assertThat(run(a, "cat /data/hello; echo of a >/data/hello; echo kept >/a/new/place/x"))
          .isEqualTo("hello");
      assertThat(run(a, "cat /sys/block/vd?/size; cd /dev/disk/by-id; ls -d virtio-disk4"))
          .startsWith("2097152\n32768\n4194304\n2097152\n")
          .endsWith("virtio-disk4");
      assertThat(run(a, "grep -c ' /work ext4 rw' /proc/mounts; echo x >/work/x; sync"))
          .isEqualTo("1");
      assertThat(run(b, "cat /data/hello /only/hello; echo of b >/data/hello"))
          .isEqualTo("hello\nhello");
      assertThat(run(b, "echo x >/only/x || mount -o remount,rw /only || echo x >/dev/vdb"))
          .contains("Read-only file system", "Operation not permitted");
      assertThat(run(topology.node("c"), "cat /srv/data/hello; echo x >/tmp/work/x; sync; df /tmp"))
          .startsWith("hello");

      a.restart();
      a.awaitReady();
      assertThat(run(a, "cat /data/hello /a/new/place/x /work/x")).isEqualTo("of a\nkept\nx");
    }

    assertThat(Files.readAllBytes(directory.resolve("shared.raw"))).isEqualTo(before);
    assertThat(debugfs("cat /x", "kept.raw")).isEqualTo("kept\n");
  }

  @Test
  void areWrittenToByOneProgramAtATime() throws Exception {
    fileSystem("kept.raw");
    String yaml =
        """
        name: %s
        nodes:
          a: {disks: [{file: kept.raw, mode: %s}]}
        """;

    try (Launch first = RealLaunch.of(yaml.formatted("first", "write"), directory)) {
      first.topology().ready().get(10, TimeUnit.MINUTES);
      for (Map.Entry<String, String> mode :
          Map.of("write", "uses", "overlay", "writes to", "read", "writes to").entrySet()) {
        try (Launch second = RealLaunch.of(yaml.formatted("second", mode.getKey()), directory)) {
          TopologyOutcome outcome = second.topology().over().get(10, TimeUnit.MINUTES);
          assertThat(((TopologyOutcome.Failed) outcome).report().cause().describe())
              .contains(
                  "another program " + mode.getValue() + " the file of its disk, " + directory);
        }
      }
    }
  }

  /** A file system of 16 MiB with a file in it. */
  private void fileSystem(String name) throws Exception {
    Path content = Files.createDirectories(directory.resolve("content"));
    Files.writeString(content.resolve("hello"), "hello\n");
    program("mke2fs", "-q", "-t", "ext4", "-d", content.toString(), path(name), "16M");
  }

  private String debugfs(String request, String name) throws Exception {
    return program("debugfs", "-R", request, path(name));
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private void container() throws Exception {
    byte[] busybox = Busybox.bytes();
    TarMaker tar = new TarMaker().owned(0, 0, 0755).file("bin/busybox", busybox);
    for (String name : List.of("sh", "cat", "sleep", "sync", "df")) {
      tar.link("bin/" + name, "busybox");
    }
    // A link that would lead out of the image, were it not followed inside.
    tar.directory("var").link("srv", "/var");
    new LayoutMaker(directory.resolve("layout"))
        .layer(tar.bytes())
        .image("v1", Map.of("Cmd", List.of("/bin/sleep", "1000")));
  }

  private static String run(RunningNode node, String script) throws Exception {
    return node.shell().run("exec 2>&1; " + script).output().strip();
  }

  /** What a program of the host writes. */
  private static String program(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return Unavailable.because("needs " + command[0] + ", of the package e2fsprogs");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said;
  }
}
