package dev.topology.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.topology.model.MacAddress;
import dev.topology.plan.SavedGuest;
import dev.topology.plan.Snapshot;
import dev.topology.posix.EffectiveUser;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {

  private static final SnapshotKey KEY = new SnapshotKey(List.of("qemu 7.2", "memory 256M"));
  private static final List<MacAddress> MACS =
      List.of(MacAddress.parse("02:00:00:00:00:01").orElseThrow());

  @TempDir Path directory;

  @Test
  void keepsWhatWasMade() throws Exception {
    SnapshotStore store = store();
    assertThat(store.find(KEY)).isEmpty();

    Snapshot made = store.findOrMake(KEY, maker(100));

    assertThat(made.macs()).isEqualTo(MACS);
    assertThat(made.guest().memory()).hasSize(100);
    assertThat(store.find(KEY)).contains(made);
    assertThat(store.findOrMake(KEY, SnapshotStoreTest::mustNotMake)).isEqualTo(made);
    assertThat(root())
        .satisfies(
            it ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(it)))
                    .isEqualTo("rwx------"));
  }

  @Test
  void isForItsKeyAlone() throws Exception {
    store().findOrMake(KEY, maker(100));

    assertThat(store().find(new SnapshotKey(List.of("qemu 7.2", "memory 128M")))).isEmpty();
    // As if the names of two keys were the same.
    SnapshotKey other = new SnapshotKey(List.of("qemu 10"));
    Files.move(root().resolve(KEY.name()), root().resolve(other.name()));
    assertThat(store().find(other)).isEmpty();
  }

  @Test
  void doesNotUseWhatIsDamaged() throws Exception {
    for (Damage damage : List.<Damage>of(this::truncated, this::written, this::withAnotherState)) {
      Snapshot made = store().findOrMake(KEY, maker(100));
      damage.to(made);
      assertThat(store().find(KEY)).isEmpty();
    }
    Snapshot last = store().findOrMake(KEY, maker(100));
    Path manifest = last.guest().memory().resolveSibling("snapshot");
    Files.writeString(manifest, Files.readString(manifest).substring(0, 60));
    assertThat(store().find(KEY)).isEmpty();
    assertThat(store().findOrMake(KEY, maker(7)).guest().memory()).hasSize(7);
  }

  private interface Damage {
    void to(Snapshot snapshot) throws IOException;
  }

  private void truncated(Snapshot snapshot) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(snapshot.guest().memory().toFile(), "rw")) {
      file.setLength(50);
    }
  }

  private void written(Snapshot snapshot) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(snapshot.guest().memory().toFile(), "rw")) {
      file.write(1);
    }
  }

  /** Of the same length and time. */
  private void withAnotherState(Snapshot snapshot) throws IOException {
    var time = Files.getLastModifiedTime(snapshot.guest().state());
    Files.write(snapshot.guest().state(), new byte[] {9}, StandardOpenOption.WRITE);
    Files.setLastModifiedTime(snapshot.guest().state(), time);
  }

  @Test
  void isMadeOnceForAllWhoWantIt() throws Exception {
    AtomicInteger made = new AtomicInteger();
    SnapshotStore store = store();

    List<Snapshot> found =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return store.findOrMake(
                                KEY,
                                guest -> {
                                  made.incrementAndGet();
                                  return maker(10).save(guest);
                                });
                          } catch (SnapshotException | InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                        }))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(made).hasValue(1);
    assertThat(found).hasSize(4).containsOnly(found.get(0));
  }

  @Test
  void leavesNothingOfWhatCouldNotBeMade() throws Exception {
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(
            () ->
                store()
                    .findOrMake(
                        KEY,
                        guest -> {
                          maker(10).save(guest);
                          throw new SnapshotException("it does not run", null);
                        }))
        .withMessage("it does not run");

    assertThat(store().find(KEY)).isEmpty();
    try (Stream<Path> left = Files.walk(root())) {
      assertThat(left.filter(Files::isRegularFile))
          .containsExactlyInAnyOrder(
              root().resolve(".lock"), root().resolve(KEY.name()).resolve("failure"));
    }
  }

  @Test
  void isTriedAgainAfterADay() throws Exception {
    SnapshotStore.Maker failing =
        guest -> {
          throw new SnapshotException("it does not run", null);
        };
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> at(0).findOrMake(KEY, failing));

    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> at(20).findOrMake(KEY, SnapshotStoreTest::mustNotMake))
        .withMessage("it does not run");
    assertThat(at(20).failures()).containsEntry(KEY.name(), "it does not run");
    assertThat(at(25).findOrMake(KEY, maker(10)).guest().memory()).hasSize(10);
    assertThat(at(25).failures()).isEmpty();
  }

  @Test
  void refusesADirectoryThatOthersCanRead() throws Exception {
    store().findOrMake(KEY, maker(10));
    Files.setPosixFilePermissions(root(), PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThat(store().find(KEY)).isEmpty();
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> store().findOrMake(KEY, SnapshotStoreTest::mustNotMake))
        .withMessageContaining("is not open to its owner alone");
  }

  @Test
  void refusesADirectoryOfSomebodyElse() throws Exception {
    assumeTrue(EffectiveUser.current().uid() == 0, "only root can give a directory away");
    store().findOrMake(KEY, maker(10));
    Files.setAttribute(root(), "unix:uid", 65534);

    assertThat(store().find(KEY)).isEmpty();
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(() -> store().findOrMake(KEY, SnapshotStoreTest::mustNotMake))
        .withMessageContaining("belongs to somebody else");
  }

  @Test
  void isTriedAgainWhereThereWasNoRoom() throws Exception {
    assertThatExceptionOfType(SnapshotException.class)
        .isThrownBy(
            () ->
                store()
                    .findOrMake(
                        KEY,
                        guest -> {
                          throw new IOException("there is no room");
                        }))
        .withMessageContaining("there is no room");

    assertThat(store().failures()).isEmpty();
    assertThat(store().findOrMake(KEY, maker(10)).guest().memory()).hasSize(10);
  }

  @Test
  void listsTheLastUsedFirstAndMakesRoomByRemovingTheOldest() throws Exception {
    long gibibyte = 1L << 30;
    for (int i = 0; i < 5; i++) {
      at(2 * i).findOrMake(new SnapshotKey(List.of("guest " + i)), maker(gibibyte));
      // The first is used again and again.
      at(2 * i + 1).find(new SnapshotKey(List.of("guest 0")));
    }

    assertThat(store().list())
        .extracting(kept -> kept.lines().get(0))
        .containsExactly("guest 0", "guest 4", "guest 3", "guest 2");
    assertThat(store().clear()).isEqualTo(4);
    assertThat(store().list()).isEmpty();
  }

  private SnapshotStore at(int hour) {
    Instant time = Instant.EPOCH.plus(Duration.ofHours(hour + 1));
    return new SnapshotStore(root(), Clock.fixed(time, ZoneOffset.UTC));
  }

  private SnapshotStore store() {
    return new SnapshotStore(root());
  }

  private Path root() {
    return directory.resolve("snapshots");
  }

  private static List<MacAddress> mustNotMake(SavedGuest guest) {
    throw new AssertionError("is made again");
  }

  /** Writes a sparse file. */
  private static SnapshotStore.Maker maker(long bytes) {
    return guest -> {
      try (RandomAccessFile file = new RandomAccessFile(guest.memory().toFile(), "rw")) {
        file.setLength(bytes);
        Files.write(guest.state(), new byte[] {1});
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return MACS;
    };
  }
}
