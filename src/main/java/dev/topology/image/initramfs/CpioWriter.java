package dev.topology.image.initramfs;

import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * Writes entries as a newc cpio archive, the one format the kernel unpacks. Closing ends the
 * archive only.
 */
final class CpioWriter implements Closeable {

  /** The format's size field has eight hexadecimal digits. */
  private static final long LARGEST_FILE = 0xFFFF_FFFFL;

  private static final int LARGEST_OF_NO_SIZE = 16 * 1024 * 1024;

  private static final int BLOCK_SIZE = 512;

  private final CpioArchiveOutputStream archive;

  CpioWriter(OutputStream target) {
    archive =
        new CpioArchiveOutputStream(
            new Uncloseable(target),
            CpioConstants.FORMAT_NEW,
            BLOCK_SIZE,
            StandardCharsets.UTF_8.name());
  }

  void write(String path, FileTree.Entry entry) throws IOException {
    if (entry instanceof FileTree.Entry.Directory) {
      begin(path, entry, CpioConstants.C_ISDIR, 0);
    } else if (entry instanceof FileTree.Entry.SymbolicLink link) {
      writeBytes(
          path, entry, CpioConstants.C_ISLNK, link.target().getBytes(StandardCharsets.UTF_8));
    } else if (entry instanceof FileTree.Entry.Bytes bytes) {
      writeBytes(path, entry, CpioConstants.C_ISREG, bytes.content());
    } else if (entry instanceof FileTree.Entry.HostFile file) {
      writeHostFile(path, file);
    }
    archive.closeArchiveEntry();
  }

  private void writeBytes(String path, FileTree.Entry entry, int type, byte[] content)
      throws IOException {
    begin(path, entry, type, content.length);
    archive.write(content);
  }

  private void writeHostFile(String path, FileTree.Entry.HostFile file) throws IOException {
    Path content = file.content();
    long size = Files.size(content);
    if (size > LARGEST_FILE) {
      throw new IOException(
          content + " has " + size + " bytes; a file in an initramfs can have 4 GiB at most");
    }
    if (size == 0) {
      writeBytes(path, file, CpioConstants.C_ISREG, contentOf(content));
      return;
    }
    begin(path, file, CpioConstants.C_ISREG, size);
    Files.copy(content, archive);
  }

  /** Files of /proc and /sys have content, and no size. */
  private static byte[] contentOf(Path file) throws IOException {
    try (InputStream input = Files.newInputStream(file)) {
      byte[] content = input.readNBytes(LARGEST_OF_NO_SIZE + 1);
      if (content.length > LARGEST_OF_NO_SIZE) {
        throw new IOException(file + " does not say how large it is, and has no end within 16 MiB");
      }
      return content;
    }
  }

  private void begin(String path, FileTree.Entry entry, int type, long size) throws IOException {
    CpioArchiveEntry header = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, path, size);
    header.setMode(type | entry.mode());
    header.setUID(entry.owner().user());
    header.setGID(entry.owner().group());
    header.setTime(0);
    archive.putArchiveEntry(header);
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }

  /** Ends an archive without closing the file that it stands in. */
  private static final class Uncloseable extends FilterOutputStream {

    Uncloseable(OutputStream target) {
      super(target);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
