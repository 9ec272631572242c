package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.erofs.ErofsWriter;
import dev.topology.image.erofs.Inode;
import dev.topology.image.erofs.Inode.Attributes;
import dev.topology.image.erofs.Inode.Content;
import dev.topology.image.erofs.Inode.Kind;
import dev.topology.plan.qemu.Machine.Device;
import dev.topology.plan.qemu.QemuOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disks that we write, as Linux reads them. */
class ReadOnlyDiskTest {

  private static final int[] SIZES = {0, 1, 2048, 2049, 4095, 4096, 4097, 300_000};

  @TempDir private Path directory;
  private int contents;

  @Test
  void linuxReadsWhatWasWritten() throws Exception {
    Path file = directory.resolve("a disk, with a comma");
    ErofsWriter.write(tree(), file);
    String arguments =
        Device.readOnlyDisk("data", file).stream()
            .flatMap(QemuOption::arguments)
            .map(it -> "'" + it + "'")
            .collect(Collectors.joining(", "));
    String yaml =
        """
        nodes:
          reader:
            qemu_args: [%s]
        """
            .formatted(arguments);

    try (Launch launch = RealLaunch.of(yaml, directory)) {
      String disk = run(launch, "cd /sys/block && grep -lx data vd*/serial").replace("/serial", "");
      assertThat(
              run(
                  launch,
                  "mkdir /mnt; mount -t erofs -o ro /dev/"
                      + disk
                      + " /mnt && cd /mnt && sha256sum sizes/*"))
          .isEqualToNormalizingNewlines(sums());
      assertThat(
              run(launch, "cd /mnt; ls many | wc -l; for n in 0 7 1999; do cat many/name-$n; done"))
          .isEqualTo("2000\n071999");
      assertThat(run(launch, "cd /mnt; ls -ln tool other null pipe | tr -s ' '"))
          .isEqualTo(
              """
              crw-rw-rw- 1 0 0 1, 3 Jan 1 1970 null
              -rwsr-x--- 2 1000 70000 4 Jan 1 2020 other
              prw------- 1 0 0 0 Jan 1 1970 pipe
              -rwsr-x--- 2 1000 70000 4 Jan 1 2020 tool""");
      assertThat(run(launch, "cd /mnt; readlink link; readlink longlink | wc -c; ls -a empty"))
          .isEqualTo("../there\n3001\n.\n..");
      assertThat(run(launch, "dmesg | grep -i erofs || true")).doesNotContain("error", "corrupt");
    }
  }

  @Test
  void doesNotReplaceAFile() throws Exception {
    Path disk = Files.createFile(directory.resolve("disk"));

    assertThatThrownBy(() -> ErofsWriter.write(tree(), disk))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void writesTheSameBytesForTheSameTree() throws Exception {
    ErofsWriter.write(tree(), directory.resolve("one"));
    ErofsWriter.write(tree(), directory.resolve("two"));

    assertThat(Files.mismatch(directory.resolve("one"), directory.resolve("two"))).isEqualTo(-1);
  }

  private static String run(Launch launch, String script) throws Exception {
    return launch.topology().node("reader").shell().run(script).expectSuccess().output().strip();
  }

  private String sums() throws Exception {
    StringBuilder sums = new StringBuilder();
    for (int size : SIZES) {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes(size));
      sums.append(HexFormat.of().formatHex(sum)).append("  sizes/").append(size).append('\n');
    }
    return sums.toString()
        .lines()
        .sorted(Comparator.comparing(line -> line.substring(64)))
        .collect(Collectors.joining("\n"));
  }

  private Inode tree() throws IOException {
    Inode root = Inode.directory(Attributes.ofRoot(0755));
    Inode sizes = root.subdirectory("sizes");
    for (int size : SIZES) {
      sizes.children().put("" + size, Inode.file(Attributes.ofRoot(0644), content(bytes(size))));
    }
    Inode many = root.subdirectory("many");
    for (int number = 0; number < 2000; number++) {
      many.children().put("name-" + number, Inode.file(Attributes.ofRoot(0600), text("" + number)));
    }
    TreeMap<String, byte[]> extended = new TreeMap<>();
    extended.put("user.comment", new byte[] {'a', (byte) 0xff, 0});
    Inode tool = Inode.file(new Attributes(04750, 1000, 70000, 1577836800, extended), text("tool"));
    root.children().put("tool", tool);
    root.children().put("other", tool);
    root.children().put("link", Inode.symbolicLink(Attributes.ofRoot(0777), "../there"));
    root.children().put("longlink", Inode.symbolicLink(Attributes.ofRoot(0777), "x".repeat(3000)));
    root.children()
        .put("null", Inode.special(Kind.CHARACTER_DEVICE, Attributes.ofRoot(0666), 1, 3));
    root.children().put("pipe", Inode.special(Kind.FIFO, Attributes.ofRoot(0600), 0, 0));
    root.subdirectory("empty");
    return root;
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private Content text(String text) throws IOException {
    return content(text.getBytes(StandardCharsets.UTF_8));
  }

  private Content content(byte[] bytes) throws IOException {
    return Content.of(Files.write(directory.resolve("content-" + contents++), bytes));
  }
}
