package dev.topology.plan;

import dev.topology.model.SharedDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program of this host that serves a directory to a guest, one process for each: virtiofsd.
 *
 * <p>There are two of that name: one in C, in QEMU before 8.0, and one in Rust.
 *
 * @param path absolute
 * @param dialect which of the two it is
 * @param isolation how it is kept to the directory
 * @param readOnly whether it can itself refuse to change anything ({@code --readonly})
 * @param squashes whether it can itself make all users of the guest one of its own ({@code
 *     --translate-uid})
 */
public record Virtiofsd(
    Path path, Dialect dialect, Isolation isolation, boolean readOnly, boolean squashes) {

  /** The descriptor at which it finds the socket that it accepts QEMU's connection at. */
  public static final int SOCKET = 3;

  /** Ids from 0 on, but for the last, which means none. */
  private static final String ALL_IDS_TO_0 = "squash-guest:0:0:4294967295";

  /**
   * Mounts the directory over itself, in a mount name space of its own, so that nothing in it can
   * be changed, nor in what is mounted below it. {@code mount} keeps the other flags of a mount,
   * which an ordinary user may not drop. /proc/self/mountinfo has no symbolic links, and blanks as
   * octal numbers.
   */
  private static final String READ_ONLY =
      "cd -P \"$0\" && here=$(pwd -P && echo .) && here=${here%??} && cd / || exit; "
          + "mount --rbind \"$here\" \"$here\" || exit; "
          + "while read -r _ _ _ _ at _; do at=$(printf '%b.' \"$at\") && at=${at%.}; "
          + "case $at/ in \"$here\"/*) mount -o remount,bind,ro \"$at\" || exit;; esac; "
          + "done </proc/self/mountinfo; exec \"$@\"";

  /** It insists on a file in /var/run, unless it inherits its socket. */
  private static final String OWN_RUN = "mount -t tmpfs run /run && exec \"$0\" \"$@\"";

  /** Which of the two programs it is. */
  public enum Dialect {
    /** {@code -o source=DIRECTORY}. */
    C("of QEMU 7 or older"),
    /** {@code --shared-dir DIRECTORY}. */
    RUST("the one in Rust");

    private final String origin;

    Dialect(String origin) {
      this.origin = origin;
    }

    /** Which one it is, for people. */
    public String origin() {
      return origin;
    }
  }

  /** How it is kept to the directory that it serves, the best way first. */
  public enum Isolation {
    /** In name spaces of its own, user IDs among them: needs no privilege, and gives none. */
    OWN_USERS("namespace"),
    /** In a mount name space of its own, by root where there can be no user name space. */
    OWN_MOUNTS("chroot"),
    /** Not at all, but by its own doing. */
    NONE("none");

    private static final String UNSHARE = "/usr/bin/unshare";

    private final String sandbox;

    Isolation(String sandbox) {
      this.sandbox = sandbox;
    }

    /** The command line that runs another command like this; empty if nothing has to be done. */
    public List<String> prefix() {
      return switch (this) {
        case OWN_USERS -> List.of(UNSHARE, "--user", "--map-root-user", "--mount");
        case OWN_MOUNTS -> List.of(UNSHARE, "--mount");
        case NONE -> List.of();
      };
    }
  }

  /** Whether nothing in a directory can be changed by the guest, if that is wanted. */
  public boolean canBeReadOnly() {
    return readOnly || isolation != Isolation.NONE;
  }

  /**
   * The command line that serves a directory, the program to start first.
   *
   * @param socket where it makes its socket; empty if it inherits that
   */
  List<String> command(SharedDirectory directory, Optional<String> socket) {
    List<String> command = new ArrayList<>(isolation.prefix());
    String shared = directory.hostPath().toString();
    if (!directory.writable() && !readOnly) {
      command.addAll(readOnly(shared));
    }
    if (socket.isPresent() && dialect == Dialect.C && isolation == Isolation.OWN_USERS) {
      command.addAll(List.of("/bin/sh", "-c", OWN_RUN));
    }
    command.add(path.toString());
    command.add(socket.map(it -> "--socket-path=" + it).orElse("--fd=" + SOCKET));
    // What this process has is enough, and an ordinary user cannot raise it.
    command.add("--rlimit-nofile=0");
    if (dialect == Dialect.C) {
      // In a list of options, a comma is written with a backslash; a link itself is no directory.
      String source = shared.replaceAll("([\\\\,])", "\\\\$1") + "/.";
      command.addAll(List.of("-o", "source=" + source));
      command.addAll(List.of("-o", "sandbox=" + isolation.sandbox));
      command.addAll(List.of("-o", "log_level=warn"));
    } else {
      command.add("--shared-dir=" + shared);
      command.add("--sandbox=" + isolation.sandbox);
      command.add("--log-level=warn");
    }
    if (!directory.writable() && readOnly) {
      command.add("--readonly");
    }
    if (squashes && isolation == Isolation.OWN_USERS) {
      command.add("--translate-uid=" + ALL_IDS_TO_0);
      command.add("--translate-gid=" + ALL_IDS_TO_0);
    }
    return List.copyOf(command);
  }

  /** The command line that runs another command where a directory is read-only. */
  public static List<String> readOnly(String directory) {
    return List.of("/bin/sh", "-c", READ_ONLY, directory);
  }
}
