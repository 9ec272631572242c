package dev.topology.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class LockFileTest {

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("lock");
  }

  @Test
  void isHeldByOneAtATime() throws IOException {
    assertThat(LockFile.isHeld(file)).isFalse();
    try (LockFile lock = LockFile.tryLock(file).orElseThrow()) {
      assertThat(lock).isNotNull();
      // A second attempt, and its end, must not cost the first its lock.
      assertThat(LockFile.tryLock(file)).isEmpty();
      assertThat(LockFile.isHeld(file)).isTrue();
      assertThat(LockFile.isHeld(file)).isTrue();
    }
    assertThat(LockFile.isHeld(file)).isFalse();
    LockFile.tryLock(file).orElseThrow().close();
  }

  @Test
  void respectsTheLocksOfTheJdkAndOfOlderVersions() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      // Which costs the JDK's lock of this very process: why there is this class.
      assertThat(LockFile.isHeld(file)).isTrue();
    }
    assertThat(LockFile.isHeld(file)).isFalse();
  }

  @Test
  void canBeTakenAnewWhenItsFileWasRemoved() throws IOException {
    LockFile old = LockFile.tryLock(file).orElseThrow();
    Files.delete(file);

    Optional<LockFile> anew = LockFile.tryLock(file);

    assertThat(anew).isPresent();
    old.close();
    assertThat(LockFile.isHeld(file)).isTrue();
    anew.orElseThrow().close();
  }

  @Test
  void canBeWaitedFor() throws Exception {
    LockFile.awaitRelease(file);
    LockFile lock = LockFile.tryLock(file).orElseThrow();
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> {
              try {
                LockFile.awaitRelease(file);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(waiting).isNotDone();

    lock.close();

    await().until(waiting::isDone);
    waiting.join();
    assertThat(LockFile.isHeld(file)).isFalse();
  }
}
