package dev.topology.run.node;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * The stream in which QEMU saves a machine, of which the RAM goes into a file of its own. What is
 * left is such a stream as well: QEMU loads it without a word about the pages that do not come, and
 * leaves those as they are.
 *
 * <p>This is what makes a restore fast, and lets it use no more memory than it touches: QEMU maps
 * the file. Other ways were measured with a guest of 128 MiB that used 84 of them, on a busy host,
 * where saving it took 0.7 s and loading such a stream whole 2.8 s, against 0.01 s without the RAM:
 *
 * <ul>
 *   <li>A second QEMU that loads the whole stream into shared memory and saves it again without
 *       that ({@code x-ignore-shared}) takes 5.4 s more a guest.
 *   <li>To read the RAM out of QEMU's process takes twice as long as QEMU needs to send it, wants
 *       the right to trace, and QEMU 7.2 does not say where it is.
 *   <li>RAM that is shared from the start can be left out by QEMU itself; but then no guest can be
 *       a clone, which shares with others what none of them has written.
 * </ul>
 *
 * <p>The format is the one of migration, which QEMU keeps from version to version: docs/devel/
 * migration, migration/savevm.c and migration/ram.c. Pages come first, then what has no lengths in
 * it, to the end.
 */
final class MachineStream {

  /** The stream is not as it was known when this was written. */
  static final class UnknownFormException extends IOException {

    private static final long serialVersionUID = 1;

    private UnknownFormException(String what) {
      super("QEMU saves it in a form that is not known here, which " + what);
    }
  }

  private static final int MAGIC = 0x5145564d;
  private static final int VERSION = 3;

  private static final int SECTION_START = 1;
  private static final int SECTION_END = 3;
  private static final int SECTION_FULL = 4;
  private static final int SUBSECTION = 5;
  private static final int CONFIGURATION = 7;
  private static final int COMMAND = 8;
  private static final int FOOTER = 0x7e;

  private static final String RAM = "ram";
  private static final String PAGE_BITS = "configuration/target-page-bits";

  private static final int ZERO = 0x02;
  private static final int BLOCKS = 0x04;
  private static final int PAGE = 0x08;
  private static final int END = 0x10;
  private static final int SAME_BLOCK = 0x20;

  /** Of x86. Machines that can have others say which they have. */
  private static final int LEAST_PAGE_BITS = 12;

  private static final int MOST_PAGE_BITS = 16;

  /** More than a name or a command has. */
  private static final int MOST_BYTES = 1 << 16;

  private static final int BUFFER = 1 << 18;

  private final DataInputStream in;
  private final DataOutputStream state;
  private final Memory memory;
  private final String ram;

  private String block = "";
  private byte[] page = new byte[1 << LEAST_PAGE_BITS];

  /**
   * @param ram what QEMU calls the block of memory that is taken out
   * @param memory takes that
   * @param state takes all else
   */
  MachineStream(InputStream in, String ram, GuestFile memory, GuestFile state) {
    this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
    this.ram = ram;
    this.memory = new Memory(memory);
    this.state = new DataOutputStream(new BufferedOutputStream(state, BUFFER));
  }

  /**
   * Reads it to its end, and writes the files.
   *
   * @throws EOFException if QEMU ends it too early
   * @throws GuestFile.UnwritableException if they cannot be written
   * @throws UnknownFormException if it is not as it is known here
   */
  void split() throws IOException {
    expect(copyInt() == MAGIC && copyInt() == VERSION, "begins otherwise");
    int type = copyByte();
    if (type == CONFIGURATION) {
      copy(copyInt());
      type = copyByte();
    }
    while (type == SUBSECTION) {
      String name = copyText();
      expect(name.equals(PAGE_BITS), "has a configuration \"" + name + "\"");
      copyInt();
      int bits = copyInt();
      expect(
          bits >= LEAST_PAGE_BITS && bits <= MOST_PAGE_BITS, "has pages of 2^" + bits + " bytes");
      page = new byte[1 << bits];
      type = copyByte();
    }
    while (type != SECTION_FULL) {
      if (type == COMMAND) {
        command();
      } else {
        section(type);
      }
      type = copyByte();
    }
    expect(memory.bytes > 0, "has no RAM");
    in.transferTo(state);
    state.flush();
    memory.finish();
  }

  /** From version 10 on, one says that the guest does not run any more. */
  private void command() throws IOException {
    int numberAndBytes = copyInt();
    copy(numberAndBytes & 0xffff);
  }

  /** All of them are of RAM: nothing else of these machines is sent while the guest runs. */
  private void section(int type) throws IOException {
    expect(type >= SECTION_START && type <= SECTION_END, "has a part of type " + type);
    copyInt();
    if (type == SECTION_START) {
      String name = copyText();
      expect(name.equals(RAM), "has a section \"" + name + "\"");
      copyInt();
      copyInt();
    }
    for (long word = in.readLong(); !item(word); word = in.readLong()) {
      // The next one.
    }
    expect(copyByte() == FOOTER, "has sections without an end");
    copyInt();
  }

  /**
   * One item of a section: which blocks there are, or a page.
   *
   * @param word the place of the page in its block, and in the bits that this leaves what it is
   * @return whether it was the last
   */
  private boolean item(long word) throws IOException {
    int kind = (int) (word & (page.length - 1));
    long number = word - kind;
    if (kind == END || kind == BLOCKS) {
      state.writeLong(word);
      if (kind == BLOCKS) {
        blocks(number);
      }
      return kind == END;
    }
    boolean isNamed = (kind & SAME_BLOCK) == 0;
    if (isNamed) {
      block = readText();
    }
    boolean isKept = !block.equals(ram);
    if (isKept) {
      state.writeLong(word);
      if (isNamed) {
        writeText(block);
      }
    }
    int content = kind & ~SAME_BLOCK;
    expect(content == PAGE || content == ZERO, "has a page of kind " + kind);
    if (content == PAGE) {
      page(number, isKept);
    } else {
      zeros(number, isKept);
    }
    return false;
  }

  /**
   * @param all how many bytes they have together
   */
  private void blocks(long all) throws IOException {
    boolean isFound = false;
    for (long left = all; left > 0; ) {
      String name = copyText();
      long bytes = in.readLong();
      state.writeLong(bytes);
      expect(bytes > 0 && bytes <= left, "has a block of " + bytes + " bytes");
      left -= bytes;
      if (name.equals(ram)) {
        memory.setBytes(bytes, page.length);
        isFound = true;
      }
    }
    expect(isFound, "has no block \"" + ram + "\"");
  }

  private void page(long place, boolean isKept) throws IOException {
    in.readFully(page);
    if (isKept) {
      state.write(page);
    } else {
      memory.page(place, page);
    }
  }

  private void zeros(long place, boolean isKept) throws IOException {
    int value = in.readUnsignedByte();
    expect(value == 0, "has a page of " + value + "s");
    if (isKept) {
      state.write(value);
    } else {
      memory.zeros(place);
    }
  }

  private int copyByte() throws IOException {
    int value = in.readUnsignedByte();
    state.write(value);
    return value;
  }

  private int copyInt() throws IOException {
    int value = in.readInt();
    state.writeInt(value);
    return value;
  }

  private String copyText() throws IOException {
    String text = readText();
    writeText(text);
    return text;
  }

  private void copy(int count) throws IOException {
    expect(count >= 0 && count <= MOST_BYTES, "has a name of " + count + " bytes");
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    state.write(bytes);
  }

  /** At most 255 bytes, after their number. */
  private String readText() throws IOException {
    byte[] bytes = new byte[in.readUnsignedByte()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void writeText(String text) throws IOException {
    state.write(text.length());
    state.writeBytes(text);
  }

  private static void expect(boolean isAsKnown, String otherwise) throws UnknownFormException {
    if (!isAsKnown) {
      throw new UnknownFormException(otherwise);
    }
  }

  /** The file with the RAM: as large as that, with holes where the guest has zeros. */
  private static final class Memory {

    private static final int RUN_BYTES = 1 << 20;

    private final GuestFile file;

    /** Pages that follow on each other, not yet written, and the place of the first. */
    private final ByteBuffer run = ByteBuffer.allocateDirect(RUN_BYTES);

    private long runStart;

    /** The pages that are in the file or the run, by their numbers. */
    private final BitSet filled = new BitSet();

    private long bytes;
    private int pageBytes = 1;

    Memory(GuestFile file) {
      this.file = file;
    }

    /** Says how large it is, before any page of it comes. */
    void setBytes(long ofAll, int ofPage) {
      bytes = ofAll;
      pageBytes = ofPage;
    }

    /** Takes a page. It may come again, and then counts as it comes last. */
    void page(long place, byte[] page) throws IOException {
      if (place != runStart + run.position() || !run.hasRemaining()) {
        writeRun();
        runStart = place;
      }
      filled.set(number(place));
      run.put(page);
    }

    /** Takes a page of zeros. */
    void zeros(long place) throws IOException {
      if (filled.get(number(place))) {
        page(place, new byte[pageBytes]);
      }
    }

    private int number(long place) throws IOException {
      expect(place >= 0 && place + pageBytes <= bytes, "has a page at " + place);
      return Math.toIntExact(place / pageBytes);
    }

    private void writeRun() throws GuestFile.UnwritableException {
      file.write(run.flip(), runStart);
      run.clear();
    }

    /** Writes what is left. The last byte of the RAM gives the file its size. */
    void finish() throws IOException {
      writeRun();
      if (bytes > 0 && !filled.get(number(bytes - pageBytes))) {
        file.write(ByteBuffer.allocate(1), bytes - 1);
      }
    }
  }
}
