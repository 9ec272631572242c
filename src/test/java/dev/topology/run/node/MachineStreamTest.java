package dev.topology.run.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.topology.run.node.MachineStream.UnknownFormException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams as migration/ram.c of QEMU writes them, of a machine with a RAM of four pages. */
class MachineStreamTest {

  private static final int PAGE = 4096;
  private static final String RAM = "microvm.ram";

  @TempDir Path directory;

  @Test
  void takesThePagesOfTheRamAndLeavesAllElse() throws Exception {
    Stream all = new Stream().begin().blocks(4 * PAGE);
    Stream left = new Stream().begin().blocks(4 * PAGE);
    all.part(2).page(0, RAM, 1).page(1, "", 2).zeros(2, "").end();
    left.part(2).end();
    all.command();
    left.command();
    // Of the same block as the last page of the section before.
    all.part(3).zeros(1, "").page(0, "", 3).page(0, "pc.bios", 4).zeros(0, "").end();
    left.part(3).page(0, "pc.bios", 4).zeros(0, "").end();
    all.devices();
    left.devices();

    split(all.bytes());

    byte[] ram = new byte[4 * PAGE];
    Arrays.fill(ram, 0, PAGE, (byte) 3);
    assertThat(directory.resolve("memory")).hasBinaryContent(ram);
    assertThat(directory.resolve("state")).hasBinaryContent(left.bytes());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(memory())))
        .isEqualTo("rw-------");
  }

  @Test
  void takesNothingWrongForAStream() throws Exception {
    byte[] whole =
        new Stream().begin().blocks(PAGE).part(3).page(0, RAM, 1).end().devices().bytes();
    for (int length : new int[] {0, 10, 60, whole.length - 40}) {
      assertThatExceptionOfType(EOFException.class)
          .isThrownBy(() -> split(Arrays.copyOf(whole, length)));
    }
    refuses(new Stream().text("something else of QEMU"), "begins otherwise");
    refuses(new Stream().begin().blocks(PAGE).part(3).page(1, RAM, 1), "has a page at 4096");
    refuses(new Stream().begin().blocks(PAGE).part(3).page(-1, RAM, 1), "has a page at -4096");
    refuses(new Stream().begin().blocks(PAGE).part(3).item(0, 0x140, RAM), "of kind 320");
    refuses(new Stream().begin().devices(), "has no RAM");
    refuses(new Stream().begin().section(9, ""), "has a part of type 9");
    refuses(new Stream().begin().section(1, "dirty-bitmap"), "has a section \"dirty-bitmap\"");
    refuses(new Stream().begin().blocks("pc.ram", PAGE), "has no block \"microvm.ram\"");
  }

  private void refuses(Stream stream, String what) {
    assertThatExceptionOfType(UnknownFormException.class)
        .isThrownBy(() -> split(stream.bytes()))
        .withMessageContaining(what);
  }

  private Path memory() {
    return directory.resolve("memory");
  }

  private void split(byte[] stream) throws IOException {
    Files.deleteIfExists(memory());
    Files.deleteIfExists(directory.resolve("state"));
    try (GuestFile memory = new GuestFile(memory());
        GuestFile state = new GuestFile(directory.resolve("state"))) {
      new MachineStream(new ByteArrayInputStream(stream), RAM, memory, state).split();
    }
  }

  private static final class Stream {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    private interface Writing {
      void perform() throws IOException;
    }

    private Stream write(Writing writing) {
      try {
        writing.perform();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return this;
    }

    Stream text(String text) {
      return write(() -> out.writeBytes(text));
    }

    private void name(String name) throws IOException {
      out.writeByte(name.length());
      out.writeBytes(name);
    }

    /** The machine that it is of. */
    Stream begin() {
      return write(
          () -> {
            out.writeBytes("QEVM");
            out.writeInt(3);
            out.writeByte(7);
            out.writeInt(7);
            out.writeBytes("microvm");
          });
    }

    Stream section(int type, String name) {
      return write(
          () -> {
            out.writeByte(type);
            out.writeInt(2);
            if (!name.isEmpty()) {
              name(name);
              out.writeInt(0);
              out.writeInt(4);
            }
          });
    }

    Stream blocks(int bytesOfRam) {
      return blocks(RAM, bytesOfRam);
    }

    /** The first section, which says what blocks there are: that, and one of firmware. */
    Stream blocks(String name, int count) {
      return section(1, "ram")
          .write(
              () -> {
                out.writeLong(count + 2 * PAGE | 0x04);
                name(name);
                out.writeLong(count);
                name("pc.bios");
                out.writeLong(2 * PAGE);
              })
          .end();
    }

    Stream part(int type) {
      return section(type, "");
    }

    Stream page(int number, String block, int content) {
      byte[] page = new byte[PAGE];
      Arrays.fill(page, (byte) content);
      return item(number, 0x08, block).write(() -> out.write(page));
    }

    Stream zeros(int number, String block) {
      return item(number, 0x02, block).write(() -> out.writeByte(0));
    }

    /**
     * @param block empty if it is that of the page before
     */
    Stream item(int number, int kind, String block) {
      return write(
          () -> {
            out.writeLong((long) number * PAGE | kind | (block.isEmpty() ? 0x20 : 0));
            if (!block.isEmpty()) {
              name(block);
            }
          });
    }

    Stream end() {
      return write(
          () -> {
            out.writeLong(0x10);
            out.writeByte(0x7e);
            out.writeInt(2);
          });
    }

    /** That the guest does not run any more, as QEMU 10 has it. */
    Stream command() {
      return write(
          () -> {
            out.writeByte(8);
            out.writeShort(11);
            out.writeShort(3);
            out.writeBytes("abc");
          });
    }

    /** What follows has no lengths. */
    Stream devices() {
      return write(
          () -> {
            out.writeByte(4);
            out.writeBytes("its devices, and a description of them");
          });
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
