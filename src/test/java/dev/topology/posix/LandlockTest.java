package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.topology.posix.Spawn.SpawnException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What children reach that are kept to some files and ports. */
class LandlockTest {

  private static final Path BASH = Path.of("/bin/bash");
  private static final List<Path> SYSTEM =
      List.of(Path.of("/usr"), Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"));
  private static final List<Path> DEVICES = List.of(Path.of("/dev/null"));

  @TempDir Path directory;
  private Path listed;
  private Path other;

  @BeforeEach
  void makeFiles() throws IOException {
    assumeTrue(Landlock.version() > 0, "this kernel has no Landlock");
    listed = Files.writeString(directory.resolve("listed"), "of the list\n");
    other = Files.writeString(directory.resolve("other"), "of the user\n");
  }

  @Test
  void readsOnlyWhatIsListed() throws Exception {
    Landlock files = new Landlock(plus(SYSTEM, listed), DEVICES, Optional.empty());

    assertThat(run(files, "cat listed other; cat listed >copy; rm listed; ls ."))
        .contains("of the list")
        .doesNotContain("of the user")
        .contains("other: Permission denied", "copy: Permission denied", "listed");
    assertThat(Files.exists(listed)).isTrue();
    assertThat(Files.exists(directory.resolve("copy"))).isFalse();
  }

  @Test
  void writesOnlyWhatIsListedAndMakesNothing() throws Exception {
    Landlock files = new Landlock(SYSTEM, plus(DEVICES, listed), Optional.empty());

    run(files, "echo new >listed; echo new >other; echo new >made");

    assertThat(listed).hasContent("new");
    assertThat(other).hasContent("of the user");
    assertThat(Files.exists(directory.resolve("made"))).isFalse();
  }

  @Test
  void makesAndRemovesAnythingButDevicesInWhatItOwns() throws Exception {
    Path own = directory.resolve("own");
    Files.createDirectories(own.resolve("sub"));
    Landlock files = new Landlock(SYSTEM, DEVICES, List.of(own), Optional.empty());

    assertThat(
            run(
                files,
                "cd own && echo x >a && mv a sub/b && ln sub/b c && ln -s c d && rm c && mkdir e;"
                    + " rmdir e; mknod zero c 1 5; echo y >../made; mv sub/b ..; echo *"))
        .endsWith("d sub\n");
    assertThat(own.resolve("sub/b")).hasContent("x");
    assertThat(Files.exists(directory.resolve("made"))).isFalse();
  }

  @Test
  void connectsOnlyToListedPorts() throws Exception {
    assumeTrue(Landlock.version() >= 4, "this kernel's Landlock knows nothing of TCP");
    try (ServerSocket open = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ServerSocket shut = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Landlock ports = new Landlock(SYSTEM, DEVICES, Optional.of(List.of(open.getLocalPort())));
      String script = "for p in %d %d; do (: </dev/tcp/127.0.0.1/$p) && echo through $p; done";

      assertThat(run(ports, script.formatted(open.getLocalPort(), shut.getLocalPort())))
          .contains("through " + open.getLocalPort())
          .doesNotContain("through " + shut.getLocalPort());
    }
  }

  @Test
  void signalsNobodyOutside() throws Exception {
    assumeTrue(Landlock.version() >= 6, "this kernel's Landlock knows nothing of signals");
    Landlock files = new Landlock(SYSTEM, DEVICES, Optional.empty());

    assertThat(run(files, "kill -0 $PPID || echo kept; sleep 100 & kill $! && echo own"))
        .contains("kept", "own");
  }

  /** Neither this thread nor any that comes later. */
  @Test
  void doesNotConfineThisProcess() throws Exception {
    run(new Landlock(SYSTEM, DEVICES, Optional.empty()), "true");

    assertThat(Files.readString(other)).isEqualTo("of the user\n");
    Thread later = new Thread(() -> assertThat(other).hasContent("of the user"));
    later.start();
    later.join();
    assertThat(output(Spawn.of(BASH).directory(directory).arguments("-c", "cat other")))
        .isEqualTo("of the user\n");
  }

  @Test
  void aProgramThatIsNotListedIsNotRun() {
    Landlock nothing = new Landlock(List.of(), DEVICES, Optional.empty());

    assertThatThrownBy(() -> run(nothing, "true"))
        .isInstanceOf(SpawnException.class)
        .hasMessageContaining("Permission denied");
  }

  @Test
  void keepsOfTheEnvironmentWhatIsNamed() throws Exception {
    String path = System.getenv("PATH");
    Spawn env = Spawn.of(Path.of("/usr/bin/env"));

    assertThat(output(env.keepingOfEnvironment("PATH", "UNSET"))).isEqualTo("PATH=" + path + "\n");
    assertThat(output(env.keepingOfEnvironment())).isEmpty();
    assertThat(output(env)).contains("PATH=" + path);
    assertThat(output(env.environment(Map.of("A", "b")))).isEqualTo("A=b\n");
  }

  private String run(Landlock landlock, String script) throws Exception {
    return output(Spawn.of(BASH).directory(directory).arguments("-c", script).confinedTo(landlock));
  }

  private static String output(Spawn spawn) throws Exception {
    ChildProcess child = spawn.start();
    child.exit().get();
    return child.output();
  }

  private static List<Path> plus(List<Path> paths, Path one) {
    return Stream.concat(paths.stream(), Stream.of(one)).toList();
  }
}
