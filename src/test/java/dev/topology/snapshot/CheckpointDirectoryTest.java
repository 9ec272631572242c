package dev.topology.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.posix.EffectiveUser;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointDirectoryTest {

  @TempDir Path parent;

  private Path place;

  @BeforeEach
  void make() throws Exception {
    place = parent.resolve("one");
    make("state", false);
  }

  private void make(String state, boolean replaces) throws Exception {
    CheckpointDirectory.make(
        place,
        replaces,
        directory -> {
          Files.writeString(directory.resolve("left.state"), state);
          return Map.of("nodes", List.of("left", "right"));
        });
  }

  @Test
  void isWhatWasSavedAndNobodyElsesToRead() throws Exception {
    CheckpointDirectory saved = CheckpointDirectory.open(place);
    saved.verify(/* isKept= */ false);
    saved.verify(/* isKept= */ true);

    assertThat(saved.known("nodes")).containsExactly("left", "right");
    assertThat(saved.known("no-such-key")).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
        .isEqualTo("rwx------");
  }

  @Test
  void isNotReplacedUnlessThatIsWanted() throws Exception {
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> make("other", false));
    assertThat(place.resolve("left.state")).hasContent("state");

    make("other", true);
    assertThat(place.resolve("left.state")).hasContent("other");

    Path other = Files.createDirectory(parent.resolve("other"));
    Path file = Files.writeString(other.resolve("file"), "precious");
    place = other;
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> make("state", true));
    assertThat(file).hasContent("precious");
  }

  @Test
  void leavesNothingWhereItCannotBeMade() throws Exception {
    place = parent.resolve("two");
    assertThatIOException()
        .isThrownBy(
            () ->
                CheckpointDirectory.make(
                    place,
                    false,
                    directory -> {
                      Files.writeString(directory.resolve("left.state"), "half");
                      throw new IOException("the disk is full");
                    }));
    assertThat(parent).isDirectoryNotContaining("glob:**two*");
  }

  /** As after SIGKILL in the middle. */
  @Test
  void removesWhatAProcessThatIsGoneHasLeft() throws Exception {
    Path half = Files.createDirectory(parent.resolve(".one-999999999-1"));
    Files.writeString(half.resolve("left.state"), "half");

    make("other", true);

    assertThat(half).doesNotExist();
  }

  @Test
  void isRefusedWhereAFileIsNotWhatWasSaved() throws Exception {
    Files.writeString(place.resolve("left.state"), "stale");
    assertRefused("left.state is not what was saved: it is damaged");
    Files.writeString(place.resolve("left.state"), "stat");
    assertRefused("left.state is not what was saved: it is damaged");
    Files.delete(place.resolve("left.state"));
    assertRefused("left.state is missing");
    Files.createSymbolicLink(place.resolve("left.state"), place.resolve("checkpoint.json"));
    assertRefused("left.state is missing");
  }

  /** Of the RAM of a guest, where only this program writes. */
  @Test
  void aLargeFileIsNotReadUnlessItMayHaveChanged() throws Exception {
    make("x".repeat(2 << 20), true);
    Path memory = place.resolve("left.state");
    FileTime written = Files.getLastModifiedTime(memory);
    CheckpointDirectory saved = CheckpointDirectory.open(place);

    Files.write(memory, new byte[1], StandardOpenOption.WRITE);
    assertThatIOException().isThrownBy(() -> saved.verify(/* isKept= */ true));
    Files.setLastModifiedTime(memory, written);
    saved.verify(/* isKept= */ true);
    assertRefused("left.state is not what was saved: it is damaged");

    make("x".repeat(2 << 20), true);
    Files.setLastModifiedTime(memory, FileTime.fromMillis(0));
    CheckpointDirectory.open(place).verify(/* isKept= */ true);
  }

  @Test
  void isRefusedWhereItsManifestIsNone() throws Exception {
    Path manifest = place.resolve("checkpoint.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.substring(0, text.length() / 2));
    assertRefused("checkpoint.json is damaged");
    Files.writeString(manifest, text.replace("\"format\":2", "\"format\":1"));
    assertRefused("another version of topology has made it");
    Files.writeString(manifest, text.replace("left.state", "../left.state"));
    assertRefused("../left.state is missing");
    Files.writeString(manifest, text.replace("\"files\"", "\"fires\""));
    assertRefused("left.state is not in checkpoint.json: one of them is damaged");
    Files.delete(manifest);
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> CheckpointDirectory.open(place));
  }

  @Test
  void isRefusedWhereOthersMayEnter() throws Exception {
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertRefused("others than its owner may enter it (chmod 700 would end that)");
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx-w----"));
    assertRefused("others than its owner may enter it (chmod 700 would end that)");
  }

  @Test
  void isRefusedWhereItBelongsToSomebodyElse() throws Exception {
    assumeThat(EffectiveUser.current().uid()).as("root, who can give it away").isZero();
    Files.setAttribute(place, "unix:uid", 65534);
    assertRefused("it belongs to another user");
  }

  /** Who could change the link could change what is used after it was looked at. */
  @Test
  void isUsedWhereALinkLeads() throws Exception {
    Path link = Files.createSymbolicLink(parent.resolve("link"), place);
    assertThat(CheckpointDirectory.open(link).place()).isEqualTo(place.toRealPath());
  }

  @Test
  void isRemovedAsAWhole() throws Exception {
    CheckpointDirectory.remove(place);

    assertThat(parent).isEmptyDirectory();
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> CheckpointDirectory.remove(place));
  }

  private void assertRefused(String why) {
    assertThatIOException()
        .isThrownBy(() -> CheckpointDirectory.open(place).verify(/* isKept= */ false))
        .withMessageContaining(why);
  }
}
