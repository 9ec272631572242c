package dev.topology.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.topology.model.Disk.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel says about block devices. Its files are made here. */
class BlockDeviceTest {

  @TempDir private Path root;
  private BlockDevice disk;

  @BeforeEach
  void makeADiskWithAPartition() throws IOException {
    disk = new BlockDevice(Path.of("/dev/sdz"), "8:400", root);
    write("sys/dev/block/8:400/ro", "0\n");
    Files.createDirectories(root.resolve("sys/dev/block/8:400/holders"));
    Files.createDirectories(root.resolve("sys/dev/block/8:400/queue"));
    write("sys/dev/block/8:400/sdz1/partition", "1\n");
    write("sys/dev/block/8:400/sdz1/dev", "8:401\n");
    Files.createDirectories(root.resolve("sys/dev/block/8:401/holders"));
    write("proc/swaps", "Filename Type Size Used Priority\n/dev/sdy2   partition 9 0 -2\n");
    mounts("22 27 0:21 / /proc rw - proc proc rw", "30 1 8:40 / / rw,relatime - ext4 /dev/sdy1 rw");
  }

  @Test
  void canBeADiskWhereNothingUsesIt() {
    assertThatCode(() -> DiskFile.checkUnused(disk, Mode.WRITE)).doesNotThrowAnyException();
  }

  @Test
  void saysWhereItOrItsPartitionIsMounted() throws IOException {
    mounts(
        "31 30 8:401 / /srv/a\\040b rw,noatime shared:1 master:2 - ext4 /dev/sdz1 rw,errors=continue");
    assertThat(refusal(Mode.OVERLAY).why()).isEqualTo("is mounted at /srv/a b");
    assertThat(refusal(Mode.READ).remedy()).isEqualTo("\"umount /srv/a b\" first");

    mounts("31 30 8:401 / / rw - ext4 /dev/sdz1 rw");
    assertThat(refusal(Mode.OVERLAY).remedy()).startsWith("copy it into a file");

    mounts("31 30 0:45 /home /home rw - btrfs /dev/sdz1 rw,subvol=/home");
    assertThat(refusal(Mode.READ).why()).isEqualTo("is mounted at /home");
  }

  @Test
  void canBeReadWhereItIsMountedReadOnly() throws IOException {
    mounts("31 30 8:400 / /mnt ro - ext4 /dev/sdz ro");

    assertThatCode(() -> DiskFile.checkUnused(disk, Mode.OVERLAY)).doesNotThrowAnyException();
    assertThat(refusal(Mode.WRITE).why()).isEqualTo("is mounted at /mnt");
  }

  @Test
  void saysWhatElseUsesIt() throws IOException {
    write("proc/swaps", "Filename Type\n/dev/sdz1\tpartition\n");
    assertThat(refusal(Mode.READ).remedy()).isEqualTo("\"swapoff /dev/sdz1\" first");

    write("proc/swaps", "");
    Files.createDirectories(root.resolve("sys/dev/block/8:401/holders/dm-3"));
    assertThat(refusal(Mode.WRITE).why()).isEqualTo("is a part of dm-3");
  }

  @Test
  void hasToHaveASize() throws IOException {
    write("sys/dev/block/8:400/size", "0\n");

    assertThat(refusal(Mode.READ).why()).isEqualTo("has nothing behind it");
  }

  @Test
  void isNotWrittenWhereItCannotBe() throws IOException {
    write("sys/dev/block/8:400/ro", "1\n");

    assertThatCode(() -> DiskFile.checkUnused(disk, Mode.OVERLAY)).doesNotThrowAnyException();
    assertThat(refusal(Mode.WRITE).why()).isEqualTo("is a device that can only be read");
  }

  @Test
  void isNoFileAndNoOtherDevice() throws IOException {
    assertThat(BlockDevice.at(root.resolve("proc/swaps"))).isEmpty();
    assertThat(BlockDevice.at(root)).isEmpty();
    assertThat(BlockDevice.at(Path.of("/dev/null"))).isEmpty();
  }

  private DiskFileException refusal(Mode mode) {
    return assertThrows(DiskFileException.class, () -> DiskFile.checkUnused(disk, mode));
  }

  private void mounts(String... lines) throws IOException {
    write("proc/self/mountinfo", String.join("\n", lines) + "\n");
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
