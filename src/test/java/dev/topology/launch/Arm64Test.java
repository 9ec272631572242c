package dev.topology.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.oci.LayoutMaker;
import dev.topology.image.oci.TarMaker;
import dev.topology.model.Architecture;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.testing.TestHost;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests of both architectures in one topology, with all that guests get of the host. */
class Arm64Test {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String BOARD =
      """
      nodes:
        desk: {arch: amd64, host_network: false}
        board:
          arch: arm64
          shares: {/src: {host: src, write: true}}
          disks: [{size: 64MiB, mount: /data}]
          modules: [dummy]
          depends_on: [desk]
      """;

  private static final String APP =
      """
        app:
          arch: arm64
          image: "oci:./layout"
          shares: {/src: src}
          disks: [{size: 64MiB, mount: /data}]
          ready: {exec: ["/bin/sh", "-c", "test -e /data/done"]}
          depends_on: [desk]
      cables: [[desk, app]]
      """;

  @TempDir private Path directory;

  @Test
  void guestsHaveSharesDisksAndContainerImages() throws Exception {
    TestHost.qemu(Architecture.ARM64);
    TestHost.requireShares();
    Path src = Files.createDirectory(directory.resolve("src"));
    Files.writeString(src.resolve("hello"), "of the host");
    try (Launch launch = RealLaunch.of(BOARD + "cables: [[desk, board]]\n", directory)) {
      launch.discardFiles();
      RunningTopology topology = launch.topology();
      topology.awaitReady(PATIENCE);
      RunningNode board = topology.node("board");
      assertThat(run(board, "uname -m; cat /src/hello")).isEqualTo("aarch64\nof the host");
      assertThat(run(board, "uname -m >/src/made; grep -c ' /data ext4 rw' /proc/mounts"))
          .isEqualTo("1");
      assertThat(src.resolve("made")).hasContent("aarch64");
      assertThat(run(board, "ls -d /sys/class/net/dummy0")).isEqualTo("/sys/class/net/dummy0");
      assertThat(run(board, "ping -c 2 -W 20 desk")).contains(" 0% packet loss");

      board.copyFrom("/bin/busybox", directory);
      image(Files.readAllBytes(directory.resolve("busybox")));
      assertThat(
              RealLaunch.change(topology, directory)
                  .carryOut(
                      new ByteArrayInputStream((BOARD + APP).getBytes(UTF_8)),
                      "lab.yaml",
                      List.of()))
          .contains("app: starts (new)");
      topology.awaitReady(PATIENCE);
      RunningNode app = topology.node("app");
      assertThat(run(app, "cat /data/done /src/hello")).isEqualTo("aarch64\nof the host");
      assertThat(run(app, "ping -c 2 -W 20 desk; cat /proc/1/comm"))
          .contains(" 0% packet loss")
          .endsWith("sleep");
    }
  }

  /** An image of nothing but a shell. */
  private void image(byte[] busybox) throws Exception {
    TarMaker layer = new TarMaker().owned(0, 0, 0755).file("bin/busybox", busybox);
    for (String name : List.of("sh", "cat", "ping", "sleep", "uname", "test")) {
      layer.link("bin/" + name, "busybox");
    }
    new LayoutMaker(directory.resolve("layout"))
        .architecture("arm64")
        .layer(layer.bytes())
        .image(
            "v1",
            Map.of(
                "Entrypoint", List.of("/bin/sh", "-c"),
                "Cmd", List.of("uname -m >/data/done && exec sleep 1000")));
  }

  private static String run(RunningNode node, String script) throws Exception {
    return node.shell().run(script).expectSuccess().output();
  }
}
