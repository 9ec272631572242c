package dev.topology.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The arguments of one call in the C library's memory, freed together. Not thread-safe. */
final class NativeMemory implements AutoCloseable {
  private static final int POINTER_BYTES = 8;

  private final MemoryIO memory = Libc.get().memory;
  private final List<Long> blocks = new ArrayList<>();

  /** The address of {@code bytes} zeroed bytes, aligned for anything. */
  long allocate(int bytes) {
    boolean zeroed = true;
    long address = memory.allocateMemory(bytes, zeroed);
    if (address == 0) {
      throw new OutOfMemoryError("the C library has no " + bytes + " bytes left");
    }
    blocks.add(address);
    return address;
  }

  /**
   * A C string.
   *
   * @throws IllegalArgumentException if {@code text} holds a NUL, which C would take for its end
   */
  long string(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL character cannot be given to a program: " + text);
    }
    byte[] bytes = text.getBytes(systemCharset());
    long address = allocate(bytes.length + 1);
    memory.putByteArray(address, bytes, 0, bytes.length);
    return address;
  }

  /** A NULL-terminated array of C strings, as {@code execve(2)} takes them. */
  long strings(List<String> texts) {
    long array = allocate((texts.size() + 1) * POINTER_BYTES);
    long slot = array;
    for (String text : texts) {
      memory.putAddress(slot, string(text));
      slot += POINTER_BYTES;
    }
    return array;
  }

  /** This process's environment without the variables that are not named. */
  long environment(List<String> names) {
    List<Long> kept = new ArrayList<>();
    long slot = Libc.get().environment();
    for (long entry = slot == 0 ? 0 : memory.getAddress(slot); entry != 0; ) {
      String definition = new String(memory.getZeroTerminatedByteArray(entry), ISO_8859_1);
      if (names.contains(definition.substring(0, Math.max(0, definition.indexOf('='))))) {
        kept.add(entry);
      }
      slot += POINTER_BYTES;
      entry = memory.getAddress(slot);
    }
    long array = allocate((kept.size() + 1) * POINTER_BYTES);
    for (int at = 0; at < kept.size(); at++) {
      memory.putAddress(array + (long) at * POINTER_BYTES, kept.get(at));
    }
    return array;
  }

  int getInt(long address) {
    return memory.getInt(address);
  }

  void putInt(long address, int value) {
    memory.putInt(address, value);
  }

  void putLong(long address, long value) {
    memory.putLong(address, value);
  }

  void putAddress(long address, long value) {
    memory.putAddress(address, value);
  }

  byte[] getBytes(long address, int count) {
    byte[] bytes = new byte[count];
    memory.getByteArray(address, bytes, 0, count);
    return bytes;
  }

  void putBytes(long address, byte[] bytes) {
    memory.putByteArray(address, bytes, 0, bytes.length);
  }

  long getAddress(long address) {
    return memory.getAddress(address);
  }

  @Override
  public void close() {
    blocks.forEach(memory::freeMemory);
    blocks.clear();
  }

  /**
   * The encoding in which the JDK made Strings of file names. In the C locale that is ASCII, where
   * every other character would become a question mark: UTF-8 holds it all.
   */
  private static Charset systemCharset() {
    String name = System.getProperty("sun.jnu.encoding", "UTF-8");
    Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
  }
}
