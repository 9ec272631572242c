package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.oci.LayoutMaker;
import dev.topology.image.oci.TarMaker;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.testing.Busybox;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are container images. */
class ContainerTest {

  /** Version 2 of VFS_CAP, effective, CAP_SYS_TIME: capabilities(7), linux/capability.h. */
  private static final byte[] MAY_SET_THE_CLOCK = {
    1, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  @TempDir private Path directory;

  @Test
  void runsAsItsImageSays() throws Exception {
    boolean anyoneMayWrite = TestHost.requireShares().squashes();
    byte[] busybox = Busybox.bytes();
    TarMaker base =
        new TarMaker()
            .owned(0, 0, 0755)
            .directory("usr/bin")
            .link("bin", "usr/bin")
            .file("usr/bin/busybox", busybox)
            .extended("SCHILY.xattr.security.capability", MAY_SET_THE_CLOCK)
            .file("may/date", busybox)
            .file(
                "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nweb:x:1000:1001::/home/web:/bin/sh\n")
            .file("etc/group", "root:x:0:\nextra:x:77:web\n")
            .file("old", "old");
    for (String name :
        List.of("sh", "id", "ps", "env", "ls", "cat", "ping", "grep", "sleep", "date")) {
      base.link("bin/" + name, "busybox");
    }
    new LayoutMaker(directory.resolve("layout"))
        .layer(base.bytes())
        .layer(
            new TarMaker()
                .owned(1000, 1001, 0600)
                .file("srv/own", "own")
                .file(".wh.old", "")
                .bytes())
        .image(
            "v1",
            Map.of(
                "User", "web",
                "WorkingDir", "/srv/new",
                "Env", List.of("COLOUR=light blue"),
                "Entrypoint", List.of("/bin/sh", "-c"),
                "Cmd", List.of("id; pwd; echo $COLOUR $HOME >/dev/stdout; sleep 1000")))
        .image("v2", Map.of("Cmd", List.of("/bin/sh", "-c", "exit 3")));
    Files.writeString(directory.resolve("motd"), "welcome\n");
    Files.createDirectory(directory.resolve("shared"));
    Files.writeString(directory.resolve("shared/file"), "shared\n");
    Files.createDirectory(directory.resolve("out"));
    Files.setPosixFilePermissions(
        directory.resolve("out"), PosixFilePermissions.fromString("rwxrwxrwx"));
    String yaml =
        """
        nodes:
          web:
            image: "oci:./layout:v1"
            files: {/bin/motd: motd}
            shares: {/srv/own files: shared, /bin/out: {host: out, write: true}}
            env: {COLOUR: dark blue, PORT: 80}
            exec: ["echo $COLOUR of $(id -u) >>/srv/own"]
            ready: {exec: ["/bin/sh", "-c", "test $(id -u) = 1000 && test $PORT = 80"]}
          other: {image: "oci:./layout:v2", depends_on: [web], command: ping -c 1 web; sleep 1000}
          plain: {}
        cables: [[web, other], [web, plain]]
        """;

    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningNode web = topology.node("web");
      web.console().expect("uid=1000(web) gid=1001 groups=77(extra)", Duration.ofMinutes(10));
      web.console().expect("dark blue /home/web", Duration.ofMinutes(10));
      assertThat(
              run(
                  web,
                  "id -u; pwd; echo $COLOUR $PORT; cat /usr/bin/motd; ls /old || cat /srv/own"))
          .isEqualTo("1000\n/srv/new\ndark blue 80\nwelcome\nowndark blue of 1000");
      assertThat(
              run(web, "ps | grep sleep | grep -v grep; cat /etc/hostname; grep -c . /proc/mounts"))
          .matches("1 web +sleep 1000\nweb\n9");
      assertThat(
              run(
                  web,
                  "cat /proc/1/cmdline; ls / | grep -c topology || cat /proc/sys/net/ipv4/ping_group_range /etc/hosts"))
          .contains("sleep", "0\t2147483647", "127.0.0.1 localhost web\n", " plain");
      assertThat(run(web, "cat '/srv/own files/file'; echo x >'/srv/own files/file'"))
          .startsWith("shared");
      assertThat(Files.readString(directory.resolve("shared/file"))).isEqualTo("shared\n");
      // Through the image's symbolic link, by a user who is not root.
      run(web, "echo made >/usr/bin/out/made");
      assertThat(Files.exists(directory.resolve("out/made"))).isEqualTo(anyoneMayWrite);
      assertThat(run(web, "/may/date -s @2000000000 >/dev/null && echo set")).isEqualTo("set");
      topology.node("other").console().expect(" 0% packet loss", Duration.ofMinutes(10));
    }
  }

  private static String run(RunningNode node, String script) throws Exception {
    return node.shell().run(script).output().strip();
  }
}
