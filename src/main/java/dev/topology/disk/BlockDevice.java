package dev.topology.disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A block device of a host: a disk, a partition, a logical volume, what is behind a loop device.
 * What the kernel says about it is read anew each time; what cannot be read is taken for nothing.
 *
 * @param path without symbolic links
 * @param number by which the kernel knows it, whatever its name: major and minor, {@code 8:1}
 * @param root of the host's files, below which {@code proc} and {@code sys} are
 */
public record BlockDevice(Path path, String number, Path root) {

  // inode(7)
  private static final int KIND = 0170000;
  private static final int KIND_BLOCK = 0060000;

  /** What else on the host has to do with a device. */
  record Claim(String words, boolean isWritten, String remedy) {}

  /** What is at a path of this host, if that is a block device. Follows symbolic links. */
  public static Optional<BlockDevice> at(Path path) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,rdev");
    int mode = (Integer) Objects.requireNonNull(attributes.get("mode"));
    if ((mode & KIND) != KIND_BLOCK) {
      return Optional.empty();
    }
    long device = (Long) Objects.requireNonNull(attributes.get("rdev"));
    return Optional.of(new BlockDevice(path.toRealPath(), number(device), Path.of("/")));
  }

  /** As makedev(3) of the C library packs it. */
  private static String number(long device) {
    long major = (device >> 8 & 0xfff) | (device >> 32 & ~0xfffL);
    long minor = (device & 0xff) | (device >> 12 & 0xff_ff_ff_00L);
    return major + ":" + minor;
  }

  /** Whether nobody can write to it, whatever its mode says. */
  boolean isReadOnly() {
    return text(kernelPage().resolve("ro")).strip().equals("1");
  }

  /** Whether there is nothing behind it, such as a loop device without a file. */
  boolean isEmpty() {
    return text(kernelPage().resolve("size")).strip().equals("0");
  }

  /** The first thing that has to do with it or with one of its partitions, if there is one. */
  Optional<Claim> claim() {
    List<BlockDevice> parts = new ArrayList<>(List.of(this));
    for (Path part : directories(kernelPage())) {
      if (Files.exists(part.resolve("partition"))) {
        String number = text(part.resolve("dev")).strip();
        parts.add(new BlockDevice(path.resolveSibling(part.getFileName()), number, root));
      }
    }
    return parts.stream()
        .flatMap(it -> Stream.of(it.mount(), it.swap(), it.holder()).flatMap(Optional::stream))
        .findFirst();
  }

  /** As proc_pid_mountinfo(5) has it. */
  private Optional<Claim> mount() {
    return lines("proc/self/mountinfo")
        .map(line -> line.split(" ", -1))
        .filter(words -> words.length > 6)
        .filter(this::isOfThis)
        .findFirst()
        .map(
            words -> {
              String place = words[4].replace("\\040", " ");
              boolean isWritten = !(words[words.length - 1] + ",").startsWith("ro,");
              return new Claim(
                  "is mounted at " + place,
                  isWritten,
                  place.equals("/")
                      ? "copy it into a file, and give the node that"
                      : "\"umount " + place + "\" first");
            });
  }

  /** Some file systems, such as btrfs, have a number of their own, and name their device. */
  private boolean isOfThis(String[] mount) {
    return mount[2].equals(number) || isName(mount[mount.length - 2]);
  }

  private Optional<Claim> swap() {
    return lines("proc/swaps")
        .map(line -> line.split("\\s", 2)[0])
        .filter(this::isName)
        .findFirst()
        .map(it -> new Claim("is swap space", true, "\"swapoff " + it + "\" first"));
  }

  private Optional<Claim> holder() {
    return directories(kernelPage().resolve("holders")).stream()
        .findFirst()
        .map(
            it ->
                new Claim(
                    "is a part of " + it.getFileName(), true, "\"lsblk\" shows what that is"));
  }

  private boolean isName(String written) {
    if (!written.startsWith("/")) {
      return false;
    }
    try {
      Path named = Path.of(written);
      return path.equals(Files.exists(named) ? named.toRealPath() : named);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  /** Documentation/admin-guide/sysfs-rules.rst. */
  private Path kernelPage() {
    return root.resolve("sys/dev/block").resolve(number);
  }

  private static List<Path> directories(Path directory) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      all.forEach(found::add);
    } catch (IOException e) {
      return List.of();
    }
    return found.stream().filter(Files::isDirectory).sorted().toList();
  }

  private Stream<String> lines(String file) {
    return text(root.resolve(file)).lines();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
