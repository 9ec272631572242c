package dev.topology.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The files in a {@code .deb}.
 *
 * <p>{@code dpkg-deb} unpacks it: every system with apt has it, it supports each compression of its
 * release (gzip, xz, zstd), and is several times faster than Java.
 */
final class DebianArchive {

  private final Path file;
  private final HostProgram program;

  DebianArchive(Path file, HostProgram program) {
    this.file = file;
    this.program = program;
  }

  /** Receives each entry once, in the archive's order. */
  interface Visitor {

    /**
     * Takes an entry.
     *
     * @param path without the leading {@code ./}
     * @param content the content of a regular file; not to be closed, nor to be read later
     */
    void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException;
  }

  /** Shows the files that the package installs. */
  void forEach(Visitor visitor) throws IOException, ImageException, InterruptedException {
    forEach("--fsys-tarfile", visitor);
  }

  /** Shows the files that describe the package to dpkg: {@code control}, {@code postinst}. */
  void forEachControlFile(Visitor visitor)
      throws IOException, ImageException, InterruptedException {
    forEach("--ctrl-tarfile", visitor);
  }

  private void forEach(String part, Visitor visitor)
      throws IOException, ImageException, InterruptedException {
    Process process =
        program.start(List.of("dpkg-deb", part, file.toString()), ProcessBuilder.Redirect.PIPE);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(process.getInputStream(), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        visitor.visit(relative(entry.getName()), entry, tar);
      }
      // dpkg-deb is killed by SIGPIPE if the padding after the last entry is left unread.
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      if (process.waitFor() != 0) {
        throw new IOException("dpkg-deb cannot unpack " + file + ": " + program.errors());
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static String relative(String name) {
    String path = name.startsWith("./") ? name.substring(2) : name;
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
