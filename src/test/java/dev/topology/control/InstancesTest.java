package dev.topology.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.control.Instances.Instance;
import dev.topology.control.Instances.Life;
import dev.topology.control.Instances.Supervisor;
import dev.topology.posix.LockFile;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class InstancesTest {

  @TempDir private Path place;

  @Test
  void knowsNoneWhereNoneHasEverRun() throws Exception {
    assertThat(new Instances(place.resolve("nowhere")).all()).isEmpty();
    assertThat(new Instances(place).named("pair")).isEmpty();
  }

  @Test
  void knowsARunWhoseSupervisorWasKilledByTheLockThatNobodyHolds() throws Exception {
    Path directory = leftBehind();

    Instance instance = new Instances(place).named("pair").orElseThrow();

    assertThat(instance.life()).isEqualTo(Life.KILLED);
    assertThat(instance.supervisor()).map(Supervisor::pid).contains(1L);
    assertThat(ControlClient.connect(directory)).isEmpty();
  }

  @Test
  void isNotMisledByAStateFileThatIsNone() throws Exception {
    Path directory = leftBehind();
    Files.writeString(directory.resolve("state.json"), "{\"pid\":");

    assertThat(new Instances(place).all()).isEmpty();
  }

  @Test
  void aNewRunTakesThePlaceOfAStaleSocket() throws Exception {
    Path run = Files.createDirectories(place.resolve("run/topology"));
    Files.move(leftBehind(), run.resolve("pair"));

    try (ControlledRun running = ControlledRun.start(place);
        ControlClient client = running.connect()) {
      assertThat(client.call(new Request.Status()).pid()).isEqualTo(ProcessHandle.current().pid());
    }
  }

  @Test
  void reachesARunWhosePathIsLongerThanASocketsMayBe() throws Exception {
    Path deep = Files.createDirectories(place.resolve("d".repeat(100)).resolve("e".repeat(100)));

    try (ControlledRun running = ControlledRun.start(deep);
        ControlClient client = running.connect()) {
      assertThat(client.call(new Request.Status()).nodes()).hasSize(2);
      assertThat(Files.exists(ControlSocket.file(running.directory()))).isTrue();
    }
  }

  @Test
  void forgetsWhatNeverBeganAfterAnHourAndWhatEndedAfterAWeek() throws Exception {
    Duration quarter = Duration.ofMinutes(15);
    Path ended = age(leftBehind(), Duration.ofHours(2));
    Path fresh = age(neverBegun("fresh"), Duration.ofHours(1).minus(quarter));
    Path old = age(neverBegun("old"), Duration.ofHours(1).plus(quarter));
    Path notOurs = age(Files.createDirectories(place.resolve("other")), Duration.ofDays(100));

    new Instances(place).forgetOld();
    assertThat(old).doesNotExist();
    assertThat(List.of(ended, fresh, notOurs)).allMatch(Files::exists);

    age(ended, Duration.ofDays(7).plus(quarter));
    new Instances(place).forgetOld();
    assertThat(ended).doesNotExist();
  }

  @Test
  void forgetsNothingThatIsHeld() throws Exception {
    Path held = age(neverBegun("held"), Duration.ofDays(100));
    try (LockFile lock = LockFile.tryLock(held.resolve("lock")).orElseThrow()) {
      new Instances(place).forgetOld();

      assertThat(held).exists();
      assertThat(lock.isOf(held.resolve("lock"))).isTrue();
    }
  }

  /** What SIGKILL leaves of a run that has not written down who it is. */
  private Path neverBegun(String name) throws Exception {
    Path directory = Files.createDirectories(place.resolve(name));
    Files.createFile(directory.resolve("lock"));
    return directory;
  }

  private static Path age(Path directory, Duration age) throws Exception {
    FileTime time = FileTime.from(Instant.now().minus(age));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, time);
      }
    }
    return directory;
  }

  /** What SIGKILL leaves: pid 1 runs, and is not the supervisor. */
  private Path leftBehind() throws Exception {
    Path directory = Files.createDirectories(place.resolve("pair"));
    Files.createFile(directory.resolve("lock"));
    Supervisor supervisor =
        new Supervisor("pair", 1, Instant.now(), place.resolve("pair.yaml"), false);
    new StateFile(directory).write(new StateFile.State(supervisor, Optional.empty()));
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ControlSocket address = ControlSocket.of(directory)) {
      socket.bind(address.address());
    }
    assertThat(ControlSocket.file(directory)).exists();
    return directory;
  }
}
