package dev.topology.cli;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageRecipe.Flavour;
import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The three routers of {@code topologies/ospf.yaml}, with a host at either end, brought back. */
@Timeout(600)
@ResourceLock("signals")
class RestoredRoutingTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final List<String> ROUTERS = List.of("north", "south", "west");

  private static final String YAML =
      """
      name: routing
      defaults: {memory: 128MiB, host_network: false}
      groups:
        routers:
          image: router
          forward: true
          files: {/etc/bird.conf: bird.conf}
          command: mkdir -p /run/bird && exec bird -f -c /etc/bird.conf
          ready: {exec: '[ $(birdc show ospf neighbors | grep -c Full) = 2 ]'}
      nodes:
        north: {group: routers}
        south: {group: routers}
        west: {group: routers}
        client: {routes: {default: 10.1.0.1}}
        server: {routes: {default: 10.2.0.1}}
      cables:
        - {name: north-south, ends: [north, south]}
        - [south, west]
        - [west, north]
        - [{node: client, address: 10.1.0.2/24}, {node: north, address: 10.1.0.1/24}]
        - [{node: server, address: 10.2.0.2/24}, {node: south, address: 10.2.0.1/24}]
      """;

  /** A busy host may keep guests from saying hello, and that must not look like a new start. */
  private static final String BIRD =
      """
      log "/tmp/log" all;
      debug protocols { states, events };
      protocol device {}
      protocol kernel { ipv4 { export all; }; }
      protocol ospf v2 {
        ipv4 { import all; };
        area 0 { interface "eth*" { type ptp; hello 1; dead 600; }; };
      }
      """;

  @TempDir private Path directory;
  private Place place;

  @BeforeEach
  void prepare() throws Exception {
    place = new Place(directory).withImagesOfHost();
    TestHost.imageBuilder()
        .ensure(new ImageRecipe("router", Flavour.CLOUD, List.of("bird2")), new BuildListener() {});
  }

  @AfterEach
  void takeDown() {
    place.run("down");
  }

  @Test
  void routersAreConvergedAtOnceAndASessionOverThemGoesOn() throws Exception {
    place.file("bird.conf", BIRD);
    succeed("up", "-d", place.file("routing.yaml", YAML));
    await().atMost(PATIENCE).until(() -> way().equals("10.1.0.1 10.64.0.1 10.2.0.2"));
    execute("server", "sleep 9999 | nc -l -p 5000 >/tmp/got 2>/dev/null &");
    execute(
        "client",
        "(n=0; while sleep 0.05; do n=$((n + 1)); echo $n; done)"
            + " | nc 10.2.0.2 5000 >/dev/null 2>&1 &");
    awaitMoreLines();
    Map<String, String> before = history();
    assertThat(before.get("west")).contains(" changed state from ", " to Full");

    String checkpoint = directory.resolve("checkpoint").toString();
    succeed("checkpoint", "--output", checkpoint);
    succeed("down");
    succeed("up", "-d", "--restore", checkpoint);

    assertThat(way()).isEqualTo("10.1.0.1 10.64.0.1 10.2.0.2");
    awaitMoreLines();
    assertThat(history()).isEqualTo(before);

    succeed("cable", "cut", "north-south");
    await().atMost(PATIENCE).until(() -> way().equals("10.1.0.1 10.64.0.4 10.64.0.2 10.2.0.2"));
    awaitMoreLines();
    assertThat(history().get("north")).startsWith(before.get("north")).contains(" to Down");
  }

  /** Who answers the client on the way to the server, in order. */
  private String way() {
    return execute("client", "traceroute -n -q 1 -w 1 -m 5 10.2.0.2 2>&1 | awk '/ms$/ {print $2}'")
        .strip()
        .replace("\n", " ");
  }

  /** The connection carries all lines, in their order. */
  private void awaitMoreLines() {
    int now = Integer.parseInt(execute("server", "touch /tmp/got; wc -l </tmp/got").strip());
    String wait =
        "while [ $(wc -l </tmp/got) -lt %d ]; do sleep 0.1; done; awk '$1 != NR' /tmp/got";
    assertThat(execute("server", wait.formatted(now + 20))).isEmpty();
  }

  /** Which process each router is, and what has become of its neighbours since it began. */
  private Map<String, String> history() {
    return ROUTERS.stream()
        .collect(
            toMap(
                router -> router,
                router ->
                    execute(router, "pidof bird; grep 'Neighbor .* changed state' /tmp/log")));
  }

  private String execute(String node, String script) {
    return succeed("exec", "-n", node, "--", "sh", "-c", script);
  }

  private String succeed(String... arguments) {
    ProgramRun run = place.run(arguments);
    assertThat(run.code()).as("%s%s", run.out(), run.err()).isEqualTo(ExitCode.DONE);
    return run.out();
  }
}
