package dev.topology.run.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies files between the host and a guest, as archives of tar(1) that go over the streams of a
 * command. The rules are those of {@code docker cp}: into a directory that is there, under the
 * source's name; otherwise to that path, whose parent has to be there; the contents of a directory
 * if its path ends with {@code /.}. What is copied is complete before it gets its name, so that a
 * copy that fails leaves nothing.
 */
public final class GuestCopy {

  /** What is copied into a guest. */
  public enum Kind {
    FILE,
    DIRECTORY,
    /** What is in a directory. */
    CONTENTS,
    /** What is in an archive that somebody else has made. */
    ARCHIVE
  }

  /** Starts programs in the guest. */
  public interface Programs {
    Execution start(List<String> command) throws InterruptedException;
  }

  private static final Duration TO_END = Duration.ofHours(1);
  private static final int PIECE = 64 * 1024;

  /** What tar says of a socket, which no archive holds. */
  private static final String IGNORED = ": socket ignored";

  /** Says where it works, reads the archive, and gives it its name. */
  private static final String INTO_GUEST =
      """
      fail() { echo "$*" >&2; exit 1; }
      target=$1 base=$2 kind=$3
      if [ -d "$target" ]; then
        case $kind in FILE | DIRECTORY) target=${target%/}/$base ;; esac
      else
        case $kind,$target in FILE,*/ | ARCHIVE,*) fail "there is no directory $target" ;; esac
        target=${target%/}
      fi
      if [ $kind = FILE ]; then
        [ ! -d "$target" ] || fail "$target is a directory, which a file cannot replace"
      else
        [ ! -e "$target" ] || [ -d "$target" ] || fail "$target is a file, which a directory cannot replace"
      fi
      case $target in */*) parent=${target%/*} ;; *) parent=. ;; esac
      [ -d "$parent/" ] || fail "there is no directory $parent"
      work=$parent/.topology-cp-$4
      mkdir "$work" || exit
      echo "$work"
      from=$work/data && [ $kind != ARCHIVE ] || from=$work
      if tar -xpf - -C "$work" && if [ -d "$target" ]; then cp -alf "$from/." "$target/"; else mv -f "$from" "$target"; fi
      then rm -rf "$work"; else rm -rf "$work"; exit 1; fi
      """;

  private static final String FROM_GUEST =
      """
      fail() { echo "$*" >&2; exit 1; }
      path=$1
      [ -e "$path" ] || [ -L "$path" ] || fail "there is no $path"
      case $path in
        */.) name=. folder=$path ;;
        *)
          while [ "$path" != "${path%/}" ]; do path=${path%/}; done
          [ -n "$path" ] || fail "copy a directory below /"
          name=./${path##*/}
          case $path in */*) folder=${path%/*}/ ;; *) folder=. ;; esac
          ;;
      esac
      if [ -L "$path" ]; then kind=; else kind=$(stat -f -c %t "$path"); fi
      # The kernel's log and the memory of processes have no end.
      [ "$kind" != 9fa0 ] || [ ! -d "$path" ] || fail "copy single files of /proc, no directory"
      # Files of /proc and /sys say no size, for which tar would read nothing: they are copied first.
      case $kind in 9fa0 | 62656572)
        work=$(mktemp -d) || exit
        trap 'rm -rf "$work"' EXIT
        trap 'exit 1' HUP INT PIPE TERM
        cp -a "$path" "$work/" && tar -cf - -C "$work" "$name"
        exit
        ;;
      esac
      exec tar -cf - -C "$folder" "$name"
      """;

  private final String node;
  private final Programs programs;

  public GuestCopy(String node, Programs programs) {
    this.node = node;
    this.programs = programs;
  }

  /**
   * The program of a guest that takes an archive as its input, and says first where it works.
   *
   * @param base the source's name
   */
  public static List<String> intoGuest(String target, String base, Kind kind) {
    String id = UUID.randomUUID().toString();
    return List.of("/bin/sh", "-c", INTO_GUEST, "sh", target, base, kind.name(), id);
  }

  /** The program of a guest that writes an archive. */
  public static List<String> fromGuest(String source) {
    return List.of("/bin/sh", "-c", FROM_GUEST, "sh", source);
  }

  /**
   * Copies into the guest. Owners are root's there; modes and times are kept.
   *
   * @param source a file, directory or link; the contents of one whose last name is {@code .}
   * @param target in the guest; from {@code /}, if it is not absolute
   * @return what was left out of a directory: devices, pipes and sockets
   * @throws IOException in words, if the host's or the guest's side cannot
   */
  public List<String> into(Path source, String target) throws IOException, InterruptedException {
    HostTree tree = HostTree.of(source);
    List<String> skipped = new ArrayList<>();
    try (Execution run = programs.start(intoGuest(target, tree.name(), tree.kind()))) {
      String work = line(run.output());
      boolean whole = false;
      try {
        IOException lost = work.isEmpty() ? null : send(tree, run, skipped);
        String errors = text(run.errors());
        if (run.awaitEnd(TO_END) != 0 || lost != null) {
          throw refused("cannot copy to " + node + ":" + target, errors, lost);
        }
        whole = true;
        return skipped;
      } finally {
        if (!whole && !work.isEmpty()) {
          remove(work);
        }
      }
    }
  }

  /** Why the guest does not take it, if so: its own words come later. */
  private static @Nullable IOException send(HostTree tree, Execution run, List<String> skipped)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(run.input(), PIECE)) {
      tree.write(out).forEach(it -> skipped.add(it.toString()));
      return null;
    } catch (HostTree.UnreadableException e) {
      throw e;
    } catch (IOException e) {
      return e;
    }
  }

  /** Also where this thread was interrupted, which stays set. */
  private void remove(String work) {
    boolean interrupted = Thread.interrupted();
    try (Execution run = programs.start(List.of("rm", "-rf", work))) {
      run.awaitEnd(TO_END);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (RuntimeException gone) {
      // The guest is gone, and the rest with it.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Copies out of the guest. Modes and times are kept, but no owners.
   *
   * @param source in the guest; the contents of a directory if it ends with {@code /.}
   * @param target of the host
   * @return what was left out of a directory: devices, pipes and sockets
   * @throws IOException in words, if the host's or the guest's side cannot
   */
  public List<String> from(String source, Path target) throws IOException, InterruptedException {
    String base = baseName(source);
    try (Unpacking unpacking = Unpacking.beside(target, base);
        Execution run = programs.start(fromGuest(source))) {
      run.input().close();
      IOException lost = null;
      try {
        unpacking.unpack(run.output());
      } catch (Unpacking.UnfitException e) {
        throw e;
      } catch (IOException e) {
        lost = e;
      }
      String errors = text(run.errors());
      if (run.awaitEnd(TO_END) != 0 || lost != null) {
        throw refused("cannot copy " + node + ":" + source, errors, lost);
      }
      unpacking.place();
      List<String> skipped = new ArrayList<>(unpacking.skipped());
      errors
          .lines()
          .filter(it -> it.endsWith(IGNORED))
          .map(GuestCopy::ignored)
          .forEach(skipped::add);
      return skipped;
    }
  }

  /** Of {@code tar: ./dev/log: socket ignored}, the path. */
  private static String ignored(String error) {
    return error.substring(0, error.length() - IGNORED.length()).replaceFirst("^[^ ]*: ", "");
  }

  private static String baseName(String source) {
    if (source.endsWith("/.")) {
      return "";
    }
    String path = source.replaceFirst("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static IOException refused(String what, String errors, @Nullable IOException lost) {
    String words = errors.strip();
    String last = words.substring(words.lastIndexOf('\n') + 1);
    String why = lost == null ? "its tar failed" : String.valueOf(lost.getMessage());
    return new IOException(what + ": " + (last.isEmpty() ? why : last), lost);
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), UTF_8);
  }

  /** The first line, without its end; empty if there is none. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return line.toString(UTF_8);
      }
      line.write(next);
    }
    return "";
  }
}
