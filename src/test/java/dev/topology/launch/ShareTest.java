package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.topology.image.BuildListener;
import dev.topology.image.ImageRecipe;
import dev.topology.image.ImageRecipe.Flavour;
import dev.topology.plan.guest.ShareFileSystem;
import dev.topology.run.RunEvent.Warned;
import dev.topology.run.RunningNode;
import dev.topology.run.TopologyOutcome;
import dev.topology.run.node.NodeOutcome.FailureCause;
import dev.topology.testing.TestHost;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories of the host in guests. */
class ShareTest {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** What root of a guest tries in a directory that it may only read; each says that it failed. */
  private static final List<String> CHANGES =
      List.of(
          "echo new >hello",
          "echo more >>hello",
          "touch made",
          "mkdir made",
          "rm hello",
          "mv hello made",
          "ln hello made",
          "ln -s hello made",
          "mkfifo made",
          "mknod made c 1 3",
          "chmod 777 hello",
          "chown 1 hello",
          "touch -d 2001-01-01 hello",
          "truncate -s 0 hello",
          "rmdir mounted/below");

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void guestReachesTheDirectoryAndNoMore(ShareFileSystem by) throws Exception {
    String image = require(by);
    Path source = Files.createDirectories(directory.resolve("a b,c\\040"));
    Path out = Files.createDirectory(directory.resolve("out"));
    Files.createDirectories(source.resolve("mounted/below"));
    Files.writeString(source.resolve("hello"), "hello\n");
    Files.writeString(directory.resolve("secret"), "of the host");
    Files.createSymbolicLink(source.resolve("link"), Path.of("hello"));
    Files.createSymbolicLink(source.resolve("up"), Path.of("../secret"));
    Files.createSymbolicLink(source.resolve("away"), directory.resolve("secret"));
    Files.createSymbolicLink(out.resolve("up"), Path.of("../secret"));
    Files.createSymbolicLink(directory.resolve("source"), source);
    String yaml =
        """
        nodes:
          a:
            image: %s
            host_network: false
            shares: {/src/out: {host: out, write: true}, /src: source}
        """
            .formatted(image);
    Files.createDirectory(source.resolve("out"));

    try (Launch launch = RealLaunch.of(yaml, directory, environment(by), () -> {})) {
      launch.topology().ready().get(LIMIT.toMinutes(), TimeUnit.MINUTES);
      RunningNode a = launch.topology().node("a");

      assertThat(run(a, "grep -c ' %s ' /proc/mounts".formatted(by))).isEqualTo("2");
      assertThat(run(a, "cat /src/hello /src/link")).isEqualTo("hello\nhello");
      run(a, "mount -o remount,rw /src");
      for (String change : CHANGES) {
        assertThat(run(a, "cd /src; (" + change + ") 2>&1 && echo done: " + change))
            .contains("Read-only file system")
            .doesNotContain("done");
      }
      assertThat(Files.readString(source.resolve("hello"))).isEqualTo("hello\n");
      // A link is followed in the guest: where it leads there, nothing is.
      assertThat(run(a, "cat /src/up /src/away /src/out/up || mkdir -p " + directory))
          .doesNotContain("of the host");
      run(a, "echo of the guest >" + directory.resolve("secret"));
      assertThat(run(a, "cat /src/away")).isEqualTo("of the guest");
      assertThat(run(a, "cat /src/../../secret /src/out/../../../secret"))
          .doesNotContain("of the host");

      run(a, "cd /src/out && echo made >made && chmod 640 made && mkdir empty && mv made empty/x");
      run(a, "cd /src/out && ln -s x link && ln empty/x kept && rm empty/x");
      assertThat(Files.readSymbolicLink(out.resolve("link"))).hasToString("x");
      assertThat(Files.readString(out.resolve("kept"))).isEqualTo("made\n");
      assertThat(Files.getPosixFilePermissions(out.resolve("kept")))
          .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
      for (String made : List.of("kept", "empty")) {
        assertThat(Files.getOwner(out.resolve(made))).isEqualTo(Files.getOwner(directory));
      }
      run(a, "cd /src/out && mknod device b 1 1; mknod device c 1 3");
      assertThat(Files.exists(out.resolve("device"), LinkOption.NOFOLLOW_LINKS)).isFalse();

      Files.writeString(source.resolve("later"), "later\n");
      Files.delete(source.resolve("hello"));
      assertThat(run(a, "until [ ! -e /src/hello ]; do sleep 0.1; done; cat /src/later"))
          .isEqualTo("later");
    }
  }

  /** The image of nodes whose directories are shared like that. */
  private static String require(ShareFileSystem by) throws Exception {
    if (by == ShareFileSystem.VIRTIOFS) {
      TestHost.requireShares();
      return "default";
    }
    ImageRecipe recipe = new ImageRecipe("generic", Flavour.GENERIC, List.of());
    return TestHost.imageBuilder().ensure(recipe, new BuildListener() {}).name();
  }

  /** That of a host without virtiofsd where there is to be none. */
  private static Map<String, String> environment(ShareFileSystem by) {
    Map<String, String> variables = new HashMap<>(System.getenv());
    if (by == ShareFileSystem.NINE_P) {
      variables.put("TOPOLOGY_VIRTIOFSD", "/nowhere");
    }
    return variables;
  }

  @Test
  void nodeOutlivesTheDirectoryButNotWhatServesIt() throws Exception {
    TestHost.requireShares();
    Path out = Files.createDirectory(directory.resolve("out"));
    String yaml =
        """
        nodes: {a: {host_network: false, shares: {/out: {host: out, write: true}}}}
        """;

    try (Launch launch = RealLaunch.of(yaml, directory)) {
      RunningNode a = launch.topology().node("a");
      launch.topology().ready().get(LIMIT.toMinutes(), TimeUnit.MINUTES);
      List<ProcessHandle> first = servers(out);
      assertThat(first).isNotEmpty();
      a.restart();
      a.awaitReady(LIMIT);
      for (ProcessHandle each : first) {
        each.onExit().get(LIMIT.toMinutes(), TimeUnit.MINUTES);
      }

      assertThat(run(a, "echo x >/out/x && cat /out/x")).isEqualTo("x");
      Files.delete(out.resolve("x"));
      Files.delete(out);
      assertThat(run(a, "until [ -z \"$(ls /out)\" ]; do sleep 0.1; done; touch /out/y; echo on"))
          .isEqualTo("on");
      awaitWarning(launch, out + ", which it shares, is no longer there; ");
      Files.createDirectory(out);
      awaitWarning(launch, out + ", which it shares, is another directory now; ");
      a.restart();
      a.awaitReady(LIMIT);
      assertThat(run(a, "echo z >/out/z && cat /out/z")).isEqualTo("z");
      assertThat(out.resolve("z")).hasContent("z");

      List<ProcessHandle> servers = servers(out);
      assertThat(servers).isNotEmpty();
      servers.forEach(ProcessHandle::destroyForcibly);
      assertThat(launch.topology().awaitOutcome(LIMIT))
          .isInstanceOfSatisfying(
              TopologyOutcome.Failed.class,
              failed ->
                  assertThat(failed.report().cause())
                      .isInstanceOf(FailureCause.ShareLost.class)
                      .extracting(FailureCause::describe)
                      .asString()
                      .startsWith("the virtiofsd that shares " + out + " ended with "));
    }
    for (ProcessHandle each : servers(out)) {
      each.onExit().get(LIMIT.toMinutes(), TimeUnit.MINUTES);
    }
  }

  private static void awaitWarning(Launch launch, String start) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                launch.topology().events().stream()
                    .anyMatch(
                        it -> it instanceof Warned warned && warned.message().startsWith(start)));
  }

  @Test
  void directoryThatIsGoneWhenTheNodeStartsFailsIt() throws Exception {
    TestHost.requireShares();
    Path out = Files.createDirectory(directory.resolve("out"));
    String yaml = "nodes: {a: {host_network: false, shares: {/out: out}}}";

    TopologyOutcome outcome;
    try (Launch launch = RealLaunch.of(yaml, directory, () -> Files.delete(out))) {
      outcome = launch.topology().awaitOutcome(LIMIT);
    }

    assertThat(outcome)
        .isInstanceOfSatisfying(
            TopologyOutcome.Failed.class,
            failed ->
                assertThat(failed.report().cause().describe())
                    .startsWith("the virtiofsd that shares " + out + " ended with ")
                    .contains(": "));
  }

  /** The processes that serve a directory, by their command lines. */
  private static List<ProcessHandle> servers(Path shared) {
    return ProcessHandle.allProcesses()
        .filter(it -> commandLine(it).map(line -> line.contains(shared.toString())).orElse(false))
        .toList();
  }

  private static Optional<String> commandLine(ProcessHandle process) {
    return process.info().commandLine().filter(line -> line.contains("virtiofsd"));
  }

  private static String run(RunningNode node, String script) throws Exception {
    return node.shell().run(script).output().strip();
  }
}
