package dev.topology.posix;

import static dev.topology.posix.Processes.await;
import static dev.topology.posix.Processes.descriptors;
import static dev.topology.posix.Processes.exitOf;
import static dev.topology.posix.Processes.ownSockets;
import static dev.topology.posix.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.posix.ExitStatus.Exited;
import dev.topology.posix.FileActions.Isolation;
import dev.topology.posix.Spawn.SpawnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpawnTest {
  private static final Path SHELL = Path.of("/bin/sh");

  @TempDir Path scratch;

  @ParameterizedTest
  @EnumSource
  void givesExactlyTheDescriptorsAskedFor(Isolation isolation) throws Exception {
    try (SocketPair first = SocketPair.stream();
        SocketPair second = SocketPair.datagram();
        SocketPair input = SocketPair.stream()) {
      Spawn waiting =
          shell("echo up; read -r line")
              .input(input.far())
              .inherit(first.far(), 3)
              .inherit(second.far(), 7);
      ChildProcess child = new Spawner(waiting, List.of(isolation)).start();
      await("the child runs", () -> child.output().equals("up\n"));

      Map<Integer, String> given = descriptors(child.pid());

      assertThat(given.keySet()).containsExactly(0, 1, 2, 3, 7);
      assertThat(given)
          .containsEntry(0, target(input.far()))
          .containsEntry(3, target(first.far()))
          .containsEntry(7, target(second.far()));
      assertThat(given.get(1)).isEqualTo(given.get(2)).startsWith("socket:");
      input.near().close();
      input.far().close();
      assertThat(exitOf(child)).isEqualTo(new Exited(1));
    }
  }

  @Test
  void exchangesTwoDescriptorsWithoutOverwritingEither() throws Exception {
    try (SocketPair one = SocketPair.stream();
        SocketPair other = SocketPair.stream();
        SocketPair input = SocketPair.stream()) {
      int oneNumber = number(one.far());
      int otherNumber = number(other.far());
      ChildProcess child =
          shell("echo up; read -r line")
              .input(input.far())
              .inherit(one.far(), otherNumber)
              .inherit(other.far(), oneNumber)
              .start();
      await("the child runs", () -> child.output().equals("up\n"));

      assertThat(descriptors(child.pid()))
          .containsEntry(oneNumber, target(other.far()))
          .containsEntry(otherNumber, target(one.far()))
          .hasSize(5);
      input.far().close();
      input.near().close();
      exitOf(child);
    }
  }

  @Test
  void keepsADescriptorWhoseNumberIsTheSameInTheChild() throws Exception {
    try (SocketPair pair = SocketPair.stream()) {
      int number = number(pair.far());
      ChildProcess child = shell("echo up; exec sleep 600").inherit(pair.far(), number).start();
      await("the child runs", () -> child.output().equals("up\n"));

      assertThat(descriptors(child.pid())).containsEntry(number, target(pair.far())).hasSize(4);
      child.signal(Signal.KILL);
      exitOf(child);
    }
  }

  @Test
  void connectsTwoChildren() throws Exception {
    try (SocketPair cable = SocketPair.stream()) {
      ChildProcess writer = shell("echo hello >&3").inherit(cable.near(), 3).start();
      ChildProcess reader = shell("cat <&3").inherit(cable.far(), 3).start();
      cable.near().close();
      cable.far().close();

      assertThat(exitOf(writer)).isEqualTo(new Exited(0));
      assertThat(exitOf(reader)).isEqualTo(new Exited(0));
      assertThat(reader.output()).isEqualTo("hello\n");
    }
  }

  @Test
  void passesArgumentsEnvironmentAndDirectory() throws Exception {
    ChildProcess child =
        Spawn.of(SHELL)
            .arguments("-c", "printf '%s|' \"$@\"; env; pwd", "sh", "", "a b", "ü,=\"'")
            .environment(Map.of("ONLY", "grüße"))
            .directory(scratch)
            .start();

    assertThat(exitOf(child)).isEqualTo(new Exited(0));
    assertThat(child.output().lines())
        .contains("|a b|ü,=\"'|ONLY=grüße", scratch.toRealPath().toString())
        .hasSize(3);
  }

  @Test
  void inheritsTheEnvironmentAndReadsNothing() throws Exception {
    ChildProcess child = shell("echo \"$PATH\"; cat").start();

    assertThat(exitOf(child)).isEqualTo(new Exited(0));
    assertThat(child.output()).isEqualTo(System.getenv("PATH") + "\n");
  }

  @Test
  void writesBothStreamsToOneDescriptor() throws Exception {
    try (SocketPair pair = SocketPair.stream()) {
      ChildProcess child = shell("echo out; echo err >&2").output(pair.far()).start();
      pair.far().close();

      assertThat(readAll(pair.near())).isEqualTo("out\nerr\n");
      assertThat(exitOf(child)).isEqualTo(new Exited(0));
      assertThat(child.output()).isEmpty();
    }
  }

  @Test
  void setsSignalsAsAShellWould() throws Exception {
    ChildProcess child = shell("grep -E 'Sig(Blk|Ign)' /proc/self/status").start();

    assertThat(exitOf(child)).isEqualTo(new Exited(0));
    // Signals 32 and 33, the top two bits here, are glibc's own.
    assertThat(child.output())
        .matches("SigBlk:\t0000000000000000\nSigIgn:\t0000000[01][08]0000000\n");
  }

  @Test
  void saysWhichProgramIsMissing() {
    Path missing = scratch.resolve("qemu");

    assertThatThrownBy(() -> Spawn.of(missing).start())
        .hasMessage("cannot start %s: No such file or directory (ENOENT)", missing)
        .isInstanceOfSatisfying(
            SpawnException.class,
            e -> {
              assertThat(e.symbol()).isEqualTo("ENOENT");
              assertThat(e.program()).isEqualTo(missing);
            });
  }

  /** Other tests of this JVM open and close sockets meanwhile, but not that many. */
  @Test
  void keepsNoSocketOfAFailedStart() throws Exception {
    Path missing = scratch.resolve("qemu");
    int starts = 400;
    int before = ownSockets().size();

    for (int start = 0; start < starts; start++) {
      assertThatThrownBy(() -> Spawn.of(missing).start()).isInstanceOf(SpawnException.class);
    }

    assertThat(ownSockets()).hasSizeLessThan(before + starts / 2);
  }

  @Test
  void saysWhichProgramMayNotBeRun() throws Exception {
    Path plain = Files.writeString(scratch.resolve("plain"), "text");

    assertThatThrownBy(() -> Spawn.of(plain).start())
        .isInstanceOf(SpawnException.class)
        .hasMessage("cannot start %s: Permission denied (EACCES)", plain);
  }

  @Test
  void saysThatAnInterpreterIsMissing() throws Exception {
    Path script = Files.writeString(scratch.resolve("script"), "#!/nowhere/sh\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));

    assertThatThrownBy(() -> Spawn.of(script).start())
        .hasMessageStartingWith("cannot start %s, or what is to run it: No such file", script);
  }

  @Test
  void saysWhichDirectoryIsMissing() {
    Path missing = scratch.resolve("nowhere");

    assertThatThrownBy(() -> shell("true").directory(missing).start())
        .hasMessageStartingWith("cannot start %s in %s: No such file", SHELL, missing);
  }

  @Test
  void refusesADescriptorThatIsClosed() throws Exception {
    try (SocketPair pair = SocketPair.stream()) {
      pair.far().close();

      assertThatThrownBy(() -> shell("true").inherit(pair.far(), 3).start())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed already");
    }
  }

  @Test
  void refusesNumbersThatCannotBe() throws Exception {
    try (SocketPair pair = SocketPair.stream()) {
      Spawn spawn = shell("true").inherit(pair.far(), 3);

      assertThatThrownBy(() -> spawn.inherit(pair.near(), 3))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> spawn.inherit(pair.near(), 2))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesArgumentsThatCCannotHold() {
    assertThatThrownBy(() -> shell("a\0b").start()).isInstanceOf(IllegalArgumentException.class);
  }

  private static String readAll(Descriptor near) throws IOException {
    try (SocketStream stream = new SocketStream(near)) {
      return new String(stream.input().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int number(Descriptor descriptor) throws IOException {
    int number = descriptor.acquire();
    descriptor.release();
    return number;
  }

  private static String target(Descriptor descriptor) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number(descriptor))).toString();
  }
}
