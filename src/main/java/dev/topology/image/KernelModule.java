package dev.topology.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * A kernel module as a package brings it. What it says of itself is read from its file: packages
 * bring no {@code modules.dep}, which depmod(8) makes when they are installed. Not thread-safe.
 */
final class KernelModule {

  // The header of an ELF file of 64 bits and that of a section: elf(5).
  private static final int ELF_MAGIC = 0x464c457f;
  private static final int HEADER_BYTES = 64;
  private static final int SECTIONS = 0x28;
  private static final int SECTION_BYTES = 0x3a;
  private static final int SECTION_COUNT = 0x3c;
  private static final int NAMES_SECTION = 0x3e;
  private static final int SECTION_START = 0x18;
  private static final int SECTION_SIZE = 0x20;

  private final String fileName;
  private final String folder;
  private final String compression;
  private final Path content;
  private @Nullable Path uncompressed;
  private @Nullable List<String> information;

  /**
   * A module that nothing has been read of.
   *
   * @param fileName its name as a file, without ending
   * @param folder where it stands below the modules' directory: {@code kernel/drivers/virtio/}
   * @param compression the file's second ending, or nothing
   * @param content the file on the host
   */
  KernelModule(String fileName, String folder, String compression, Path content) {
    this.fileName = fileName;
    this.folder = folder;
    this.compression = compression;
    this.content = content;
  }

  /** The name other modules and {@code lsmod} use: with underscores only. */
  String name() {
    return fileName.replace('-', '_');
  }

  String fileName() {
    return fileName;
  }

  String folder() {
    return folder;
  }

  /** The module's path below the modules' directory, uncompressed. */
  String path() {
    return folder + fileName + ".ko";
  }

  /** A file with the module as the kernel takes it: uncompressed. */
  Path uncompressed(HostProgram program) throws IOException, ImageException, InterruptedException {
    if (uncompressed == null) {
      uncompressed = unpacked(program);
    }
    return uncompressed;
  }

  private Path unpacked(HostProgram program)
      throws IOException, ImageException, InterruptedException {
    Path target = content.resolveSibling(content.getFileName() + ".ko");
    switch (compression) {
      case ".gz" -> unpack(new GZIPInputStream(Files.newInputStream(content)), target);
      case ".xz" -> unpack(new XZInputStream(Files.newInputStream(content)), target);
      case ".zst" -> program.unpackZstd(content, target);
      default -> {
        return content;
      }
    }
    return target;
  }

  private static void unpack(InputStream compressed, Path target) throws IOException {
    try (compressed) {
      Files.copy(compressed, target);
    }
  }

  /** The names of the modules it needs. */
  List<String> dependencies(HostProgram program)
      throws IOException, ImageException, InterruptedException {
    return says("depends", program).stream()
        .flatMap(names -> Stream.of(names.split(",", -1)))
        .filter(name -> !name.isEmpty())
        .map(name -> name.replace('-', '_'))
        .toList();
  }

  /** The values of a key in its section {@code .modinfo}: strings that end with zero. */
  List<String> says(String key, HostProgram program)
      throws IOException, ImageException, InterruptedException {
    if (information == null) {
      byte[] file = Files.readAllBytes(uncompressed(program));
      try {
        information = List.of(section(file, ".modinfo").split("\0", -1));
      } catch (IndexOutOfBoundsException e) {
        throw new IOException("the kernel module " + path() + " is damaged", e);
      }
    }
    return information.stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  private static String section(byte[] file, String name) {
    ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < HEADER_BYTES || elf.getInt(0) != ELF_MAGIC) {
      throw new IndexOutOfBoundsException("no ELF file");
    }
    int sections = (int) elf.getLong(SECTIONS);
    int bytes = elf.getShort(SECTION_BYTES);
    int names = start(elf, sections + elf.getShort(NAMES_SECTION) * bytes);
    for (int i = 0; i < elf.getShort(SECTION_COUNT); i++) {
      int header = sections + i * bytes;
      if (text(file, names + elf.getInt(header)).equals(name)) {
        int size = (int) elf.getLong(header + SECTION_SIZE);
        return new String(file, start(elf, header), size, StandardCharsets.UTF_8);
      }
    }
    return "";
  }

  private static int start(ByteBuffer elf, int header) {
    return (int) elf.getLong(header + SECTION_START);
  }

  private static String text(byte[] file, int start) {
    int end = start;
    while (file[end] != 0) {
      end++;
    }
    return new String(file, start, end - start, StandardCharsets.UTF_8);
  }
}
