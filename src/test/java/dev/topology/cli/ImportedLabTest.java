package dev.topology.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.image.oci.LayoutMaker;
import dev.topology.image.oci.TarMaker;
import dev.topology.testing.Busybox;
import dev.topology.testing.LocalRegistry;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A lab of containerlab's, imported and brought up, does what it is for. */
@ResourceLock("signals")
class ImportedLabTest {

  private static final String LAB =
      """
      name: shop
      topology:
        kinds:
          linux: {image: "%s/tools:1"}
        nodes:
          office: {kind: bridge}
          web:
            kind: linux
            cmd: httpd -f -p 80 -h /www
            env: {GREETING: it's open}
            binds:
              - site:/www/site:ro
              - greet.sh:/www/cgi-bin/greet:ro
            exec:
              - ip addr add 10.0.0.1/24 dev eth1
              - sh -c 'echo "$$GREETING" since $(cut -d. -f1 /proc/uptime) >/www/since'
            healthcheck: {test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1/site/index.html"]}
          client:
            kind: linux
            exec:
              - ip addr add 10.0.0.2/24 dev eth1
              - wget -q -O /tmp/page http://10.0.0.1/site/index.html
              - wget -q -O /tmp/greeting http://10.0.0.1/cgi-bin/greet
            stages: {create: {wait-for: [{node: web, stage: healthy}]}}
        links:
          - endpoints: ["web:eth1", "office:port1"]
          - endpoints: ["client:eth1", "office:port2"]
      """;

  private static final String[] FETCH = {
    "exec", "client", "--", "wget", "-q", "-O", "-", "http://10.0.0.1/site/index.html"
  };

  @TempDir private Path directory;

  @Test
  void servesWhatIsBoundByWayOfItsBridge() throws Exception {
    TestHost.requireShares();
    Place place = new Place(directory).withImagesOfHost();
    Files.createDirectory(directory.resolve("site"));
    place.file("site/index.html", "Hello from a directory of the host.\n");
    Path greet = Path.of(place.file("greet.sh", "#!/bin/sh\nprintf '\\n%s\\n' \"$GREETING\"\n"));
    assertThat(greet.toFile().setExecutable(true, false)).isTrue();
    Path storage = Files.createDirectory(directory.resolve("storage"));
    try (LocalRegistry registry = LocalRegistry.start(storage, false)) {
      registry.push(tools(), "tools", "1");
      String lab = place.file("shop.clab.yml", LAB.formatted(registry.host()));

      ProgramRun imported = place.run("import", "containerlab", lab, "-o", "shop.yaml");
      assertThat(imported.code()).as(imported.err()).isEqualTo(ExitCode.DONE);
      ProgramRun up = place.run("up", "-d", directory.resolve("shop.yaml").toString());
      assertThat(up.code()).as(up.err()).isEqualTo(ExitCode.DONE);
      try {
        assertThat(place.run("exec", "client", "--", "cat", "/tmp/page", "/tmp/greeting").out())
            .isEqualTo("Hello from a directory of the host.\nit's open\n");
        assertThat(place.run("exec", "web", "--", "cat", "/www/since").out())
            .startsWith("it's open since ");
        place.file("site/index.html", "Changed while it runs.\n");
        // The directory is live, if up to a second late.
        await()
            .atMost(Duration.ofMinutes(10))
            .until(() -> place.run(FETCH).out().equals("Changed while it runs.\n"));
      } finally {
        assertThat(place.run("down").code()).isEqualTo(ExitCode.DONE);
      }
    }
  }

  /** An image such as public ones of network tools. */
  private Path tools() throws IOException {
    TarMaker root =
        new TarMaker()
            .owned(0, 0, 0755)
            .directory("tmp")
            .directory("www/cgi-bin")
            .file("bin/busybox", Busybox.bytes());
    for (String name : List.of("sh", "cat", "cut", "httpd", "ip", "wget")) {
      root.link("bin/" + name, "busybox");
    }
    Path layout = directory.resolve("layout");
    new LayoutMaker(layout).layer(root.bytes()).image("1", Map.of("Cmd", List.of("sh")));
    return layout;
  }
}
