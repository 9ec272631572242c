package dev.topology.posix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * jffi's native library, as a file that the dynamic linker can load.
 *
 * <p>jffi by itself unpacks it anew into {@code /tmp} at each start, readable and writable for all
 * users, and gives up where {@code /tmp} is full, read-only or mounted {@code noexec}. Here it is
 * unpacked once, into a directory of the user's cache that only its owner may enter, and is
 * compared byte by byte with the one in the jar before each use. Where that directory cannot be
 * used, a temporary one takes its place.
 */
final class NativeLibrary {

  /** Where jffi looks first; its class StubLoader. */
  private static final String BOOT_PATH = "jffi.boot.library.path";

  private static final String FILE = "libjffi-1.2.so";

  private final List<String> failures = new ArrayList<>();
  private final byte[] content;

  private NativeLibrary(byte[] content) {
    this.content = content;
  }

  /**
   * Lets jffi load it. Does nothing if the user says where jffi has to look, or if the jar has no
   * library for this machine.
   *
   * @throws NativeLibraryException if it can be loaded from nowhere
   */
  static void load(Map<String, String> environment) {
    String machine = System.getProperty("os.arch", "").replace("amd64", "x86_64");
    String resource = "/jni/" + machine + "-Linux/" + FILE;
    try (InputStream in = com.kenai.jffi.Library.class.getResourceAsStream(resource)) {
      if (in != null && System.getProperty(BOOT_PATH) == null) {
        new NativeLibrary(in.readAllBytes()).loadFromSomewhere(environment);
      }
    } catch (IOException e) {
      throw new NativeLibraryException("cannot read " + resource + ": " + e.getMessage());
    }
  }

  private void loadFromSomewhere(Map<String, String> environment) {
    if (cache(environment).filter(this::isLoadedFrom).isPresent()) {
      return;
    }
    for (Path place : TemporaryPlace.all(environment)) {
      if (isLoadedFromWithin(place)) {
        return;
      }
    }
    throw new NativeLibraryException(
        "cannot load the library for calls to the operating system from anywhere:\n  "
            + String.join("\n  ", failures));
  }

  /** By the XDG base directory specification. */
  private static Optional<Path> cache(Map<String, String> environment) {
    return absolute(environment, "XDG_CACHE_HOME")
        .or(() -> absolute(environment, "HOME").map(home -> home.resolve(".cache")))
        .map(cache -> cache.resolve("topology/native"));
  }

  private static Optional<Path> absolute(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> value.startsWith("/"))
        .map(Path::of);
  }

  private boolean isLoadedFrom(Path directory) {
    try {
      Path file = unpacked(directory, content);
      System.load(file.toString());
      System.setProperty(BOOT_PATH, directory.toString());
      return com.kenai.jffi.Library.getDefault() != null;
    } catch (UnsatisfiedLinkError e) {
      failures.add(directory + ": " + reason(e));
    } catch (FileSystemException e) {
      String reason = Optional.ofNullable(e.getReason()).orElse(e.getClass().getSimpleName());
      failures.add(e.getFile() + ": " + reason);
    } catch (IOException e) {
      failures.add(directory + ": " + e.getMessage());
    }
    return false;
  }

  private static String reason(UnsatisfiedLinkError e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("failed to map segment")
        ? "no program may be run from there: it is mounted noexec"
        : text.substring(text.lastIndexOf(": ") + 1).strip();
  }

  /** As above, in a new directory that is removed afterwards. */
  private boolean isLoadedFromWithin(Path place) {
    try {
      Path directory = Files.createTempDirectory(place, "topology-native-");
      try {
        return isLoadedFrom(directory);
      } finally {
        Files.deleteIfExists(directory.resolve(FILE));
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      failures.add(place + ": " + e.getMessage());
      return false;
    }
  }

  /**
   * The library in a directory, which is made if it is not there, and the file if it is another.
   */
  static Path unpacked(Path directory, byte[] content) throws IOException {
    PrivateDirectory.create(directory);
    Path file = directory.resolve(FILE);
    makePrivate(directory, file);
    if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
      Path part = Files.createTempFile(directory, FILE, ".part");
      try {
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    }
    return file;
  }

  /** What lies in a directory that others could enter may be theirs. */
  private static void makePrivate(Path directory, Path file) throws IOException {
    if (!PrivateDirectory.isOwn(directory)) {
      throw new IOException("it belongs to another user");
    }
    var mode = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
    if (!mode.equals(PrivateDirectory.MODE)) {
      Files.setPosixFilePermissions(directory, PrivateDirectory.MODE);
      Files.deleteIfExists(file);
    }
  }
}
