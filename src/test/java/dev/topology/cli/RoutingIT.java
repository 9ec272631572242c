package dev.topology.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the head of {@code topologies/ospf.yaml} tells people to do, all from the command line. */
@Timeout(600)
class RoutingIT {

  private static final String SOUTH = "10.255.0.2";
  private static final String WEST = "10.64.0.4";

  @TempDir private Path directory;

  @BeforeEach
  void shareImages() throws IOException {
    TestHost.facts();
    Files.createSymbolicLink(directory.resolve("topology"), TestHost.cache());
  }

  @AfterEach
  void tearDown() throws Exception {
    run("down");
  }

  @Test
  void trafficTakesTheOtherWayWhileTheCableIsCut() throws Exception {
    succeed("image", "build", "router", "--package", "bird2");
    succeed("up", "--detach", "topologies/ospf.yaml");
    assertThat(wayToSouth()).isEqualTo(SOUTH);

    succeed("cable", "cut", "north-south");
    assertThat(succeed("cable", "list")).contains("cut");
    awaitWayToSouth(WEST + " " + SOUTH);

    succeed("cable", "join", "north-south");
    awaitWayToSouth(SOUTH);

    succeed("down", "ospf");
    assertThat(run("ps").err()).isEqualTo("no topology is running\n");

    assertThat(succeed("test", "topologies/ospf.yaml")).contains("1 test: 1 passed; ");
  }

  private void awaitWayToSouth(String expected) {
    await().atMost(Duration.ofMinutes(10)).until(() -> wayToSouth().equals(expected));
  }

  /** Who answers north on the way to south, in order. */
  private String wayToSouth() throws Exception {
    String hops = "traceroute -n -q 1 -w 1 -m 4 " + SOUTH + " | awk '/ms$/ {print $2}'";
    return run("exec", "north", "--", "sh", "-c", hops).out().strip().replace("\n", " ");
  }

  private String succeed(String... arguments) throws Exception {
    ExecutableIT.Ended ended = run(arguments);
    assertThat(ended.status()).as("%s%s", ended.out(), ended.err()).isZero();
    return ended.out();
  }

  private ExecutableIT.Ended run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("target/topology"));
    command.addAll(List.of(arguments));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    // Into files: what is left running in the background must not hold up whoever reads a pipe.
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("XDG_CACHE_HOME", directory.toString());
    builder.environment().put("XDG_RUNTIME_DIR", directory.resolve("run").toString());
    int status = builder.start().waitFor();
    return new ExecutableIT.Ended(
        status, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
