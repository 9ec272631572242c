package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import dev.topology.image.initramfs.FileTree.Owner;
import dev.topology.image.initramfs.GuestPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * The guest's files: a skeleton, and what packages bring.
 *
 * <p>All of them are below {@code /usr}, with links at the old places, so that packages from before
 * and after Debian's move find each other's files. {@code /usr/bin} and {@code /usr/sbin} are two
 * directories, as packages and their scripts assume.
 */
final class GuestFiles implements DebianArchive.Visitor {

  /**
   * Where a directory of a package goes, and the link in its place leads to: exactly as Debian's
   * base-files demands before it unpacks.
   */
  private static final Map<String, String> MERGED =
      Map.of(
          "bin", "usr/bin",
          "sbin", "usr/sbin",
          "lib", "usr/lib",
          "lib64", "usr/lib64");

  /** Documentation and translations: of no use in a guest. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "usr/share/(doc|man|info|locale|lintian|bug|doc-base)(/.*)?"
              // Converters of iconv(3), 8 MB; those of today's character sets stay.
              + "|usr/lib/[^/]+/gconv/(?!gconv-modules|ISO8859-1|CP1252|UTF-|UNICODE).*");

  private static final String BUSYBOX = "usr/bin/busybox";

  /**
   * The programs of busybox that belong into {@code /usr/sbin}, as its {@code --list-full} says.
   */
  private static final Set<String> SYSTEM_PROGRAMS =
      Set.of(
          """
          acpid adjtimex arp arping blockdev brctl chroot crond depmod devmem fdisk findfs \
          freeramdisk fsfreeze fstrim getty halt httpd hwclock i2cdetect i2cdump i2cget i2cset \
          i2ctransfer ifconfig ifdown ifup init insmod ip ipneigh klogd loadfont loadkmap logread \
          losetup lsmod mdev mim mkdosfs mke2fs mkswap modinfo modlocal modprobe nameif nologin partprobe \
          pivot_root poweroff rdate reboot rmmod route run-init start-stop-daemon sulogin swapoff \
          swapon switch_root sysctl syslogd tc telnetd tunctl ubirename udhcpc udhcpd uevent vconfig \
          watchdog"""
              .split(" ", -1));

  /** How the list of busybox's programs begins and ends in its file. */
  private static final String FIRST_NAMES = "[\0[[\0";

  private static final String END_OF_NAMES = "\0\0";

  private final StagedFiles staged;
  private final FileTree tree = new FileTree();

  GuestFiles(StagedFiles staged) {
    this.staged = staged;
    tree.directory("/", 0755).directory("root", 0700).directory("tmp", 01777);
    MERGED.values().forEach(directory -> tree.directory(directory, 0755));
    MERGED.forEach(tree::link);
    List.of("dev", "proc", "sys", "run", "etc", "var").forEach(name -> tree.directory(name, 0755));
  }

  /** The tree, to add to and to write. */
  FileTree tree() {
    return tree;
  }

  @Override
  public void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException {
    String guestPath = merged(path);
    if (path.isEmpty() || LEFT_OUT.matcher(guestPath).matches()) {
      return;
    }
    int mode = entry.getMode() & 07777;
    if (entry.isDirectory()) {
      if (!tree.contains(guestPath)) {
        tree.directory(guestPath, mode, owner(entry));
      }
    } else if (entry.isSymbolicLink()) {
      link(path, guestPath, entry.getLinkName());
    } else if (entry.isLink()) {
      tree.sameFile(guestPath, merged(entry.getLinkName().replaceFirst("^\\./", "")));
    } else if (entry.isFile()) {
      tree.file(guestPath, mode, owner(entry), staged.keep(content));
    }
  }

  /**
   * Adds a link, unless its path has a file already: {@code /bin/tool} may lead to {@code
   * /usr/bin/tool}, which are one path here. A relative target starts from where the package has
   * the link.
   */
  private void link(String path, String guestPath, String target) {
    String leadsTo = merged(GuestPath.join(GuestPath.parent(path), target, ""));
    if (leadsTo.equals(guestPath) || tree.content(guestPath).isPresent()) {
      return;
    }
    boolean isMoved =
        !GuestPath.parent(path).equals(GuestPath.parent(guestPath)) && !target.startsWith("/");
    tree.link(guestPath, isMoved ? "/" + leadsTo : target);
  }

  /**
   * Gives busybox's modprobe the name "modlocal", in its file: its shell prefers its own programs
   * to all others of the same name, and would not run {@code /usr/sbin/modprobe}, which is ours.
   * The list of names is sorted, and stays so.
   */
  void renameModprobe() throws IOException {
    Path busybox = tree.content(BUSYBOX).orElseThrow();
    String content = Files.readString(busybox, StandardCharsets.ISO_8859_1);
    int at = content.indexOf("\0modprobe\0", content.indexOf(FIRST_NAMES));
    if (at < 0) {
      throw new IOException("busybox has no modprobe");
    }
    try (FileChannel file = FileChannel.open(busybox, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap("modlocal".getBytes(StandardCharsets.US_ASCII)), at + 1);
    }
  }

  /**
   * Links the names of busybox's programs to it, except those that a package brings itself.
   *
   * @param replaced the paths of programs of packages that busybox takes the place of
   */
  void linkBusybox(Set<String> replaced) throws IOException {
    for (String name : busyboxPrograms(tree.content(BUSYBOX).orElseThrow())) {
      String user = "usr/bin/" + name;
      String system = "usr/sbin/" + name;
      boolean isMissing = !tree.contains(user) && !tree.contains(system);
      if (replaced.contains(system) || (isMissing && SYSTEM_PROGRAMS.contains(name))) {
        tree.link(system, "../bin/busybox");
      } else if (replaced.contains(user) || isMissing) {
        tree.link(user, "busybox");
      }
    }
  }

  /**
   * The names of busybox's programs, which are one sorted block in its file. Reading that block
   * avoids running a program of the guest on the host.
   */
  private static List<String> busyboxPrograms(Path busybox) throws IOException {
    String content = new String(Files.readAllBytes(busybox), StandardCharsets.ISO_8859_1);
    int start = content.indexOf(FIRST_NAMES);
    int end = content.indexOf(END_OF_NAMES, start);
    if (start < 0 || end < 0) {
      throw new IOException("busybox does not tell which programs it has");
    }
    return List.of(content.substring(start, end).split("\0", -1));
  }

  /** Who owns a file of an archive. */
  static Owner owner(TarArchiveEntry entry) {
    return new Owner((int) entry.getLongUserId(), (int) entry.getLongGroupId());
  }

  /** Where a path leads by way of the merged directories. */
  static String merged(String path) {
    for (Map.Entry<String, String> each : MERGED.entrySet()) {
      if (path.startsWith(each.getKey() + "/")) {
        return each.getValue() + path.substring(each.getKey().length());
      }
    }
    return path;
  }

  /**
   * Keeps the content of unpacked files in a scratch directory, under numbers, until an archive is
   * written from them.
   */
  static final class StagedFiles {

    private final Path directory;
    private int count;

    StagedFiles(Path directory) throws IOException {
      this.directory = Files.createDirectory(directory);
    }

    /** Keeps a file's content, which is read to its end. */
    Path keep(InputStream content) throws IOException {
      Path file = directory.resolve(Integer.toString(count++));
      Files.copy(content, file);
      return file;
    }
  }
}
