package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.run.RunningTopology;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are ready when something they are asked again and again succeeds. */
class ReadinessTest {

  @TempDir private Path directory;

  @Test
  void comesWhenTheCommandSucceeds() throws Exception {
    String yaml =
        """
        nodes:
          waits:
            ready: {exec: "echo $0 >>/tmp/tries; test -e /tmp/up"}
            command: |
              until [ "$(grep -c . /tmp/tries)" -ge 2 ]; do sleep 0.1; done
              touch /tmp/up
              sleep 1000
          lists: {ready: {exec: [test, -n, "it's up"]}}
        """;
    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      assertThat(topology.node("waits").shell().run("ls /tmp").output()).isEqualTo("tries\nup");
    }
  }

  @Test
  void comesWhenAServerSaysSo() throws Exception {
    String yaml =
        """
        nodes:
          web:
            ready: {http: 80/health}
            command: |
              mkdir /tmp/www && httpd -p 80 -h /tmp/www
              sleep 1
              echo well >/tmp/www/health
              sleep 1000
        """;
    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      assertThat(topology.node("web").shell().run("cat /tmp/www/health").output())
          .isEqualTo("well");
    }
  }

  @Test
  void tellsWhatTheLastAttemptOfACommandSaid() throws Exception {
    String yaml =
        """
        nodes:
          never:
            ready: {exec: "echo x >>/tmp/tries; echo one; echo not yet >&2; exit 3"}
            command: |
              until [ "$(grep -c . /tmp/tries)" -ge 3 ]; do sleep 0.1; done
              poweroff -f
        """;
    assertThat(RealLaunch.failure(yaml, directory))
        .startsWith(
            "never failed: it powered off before it was ready: \"echo x >>/tmp/tries; echo one;"
                + " echo not yet >&2; exit 3\" did not succeed in it: the last attempt ended with"
                + " exit status 3: \"one / not yet\"");
  }

  @Test
  void tellsWhatAServerAnsweredLast() throws Exception {
    String yaml =
        """
        nodes:
          sick:
            ready: {http: 80/cgi-bin/health}
            command: |
              mkdir -p /tmp/www/cgi-bin && cd /tmp/www/cgi-bin
              printf '#!/bin/sh\\necho x >>/tmp/tries\\nprintf "Status: 503 Busy\\\\r\\\\n\\\\r\\\\n"\\n' >health
              chmod +x health && httpd -p 80 -h /tmp/www
              until [ "$(grep -c . /tmp/tries)" -ge 2 ]; do sleep 0.1; done
              poweroff -f
        """;
    assertThat(RealLaunch.failure(yaml, directory))
        .startsWith(
            "sick failed: it powered off before it was ready: GET /cgi-bin/health at its port 80"
                + " did not succeed: the last answer was \"HTTP/1.1 503 Busy\"");
  }
}
