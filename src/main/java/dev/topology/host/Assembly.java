package dev.topology.host;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Machine code and data, laid down byte by byte from a base address. Just enough of an assembler
 * for guests of a few hundred bytes: it knows little-endian numbers and jumps backwards.
 *
 * <p>Opcodes are from the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
 */
final class Assembly {

  private final int base;
  private final ByteBuffer bytes;

  /**
   * Starts empty. The first byte will lie at {@code base} in the guest's memory, and there is room
   * for {@code capacity} bytes.
   */
  Assembly(int base, int capacity) {
    this.base = base;
    this.bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The address of the next byte. */
  int here() {
    return base + bytes.position();
  }

  /** Raw bytes, each given as 0 to 255. */
  Assembly bytes(int... values) {
    for (int value : values) {
      bytes.put((byte) value);
    }
    return this;
  }

  /** A 16-bit number. */
  Assembly word(int value) {
    bytes.putShort((short) value);
    return this;
  }

  /** A 32-bit number or address. */
  Assembly dword(int value) {
    bytes.putInt(value);
    return this;
  }

  /** A 64-bit number or address. */
  Assembly qword(long value) {
    bytes.putLong(value);
    return this;
  }

  /** {@code jnz target}: a short jump, so the target lies at most 128 bytes back. */
  Assembly jumpBackUnlessZero(int target) {
    return bytes(0x75, shortDistance(target));
  }

  /** {@code jmp target}: a short jump, so the target lies at most 128 bytes back. */
  Assembly jumpBack(int target) {
    return bytes(0xEB, shortDistance(target));
  }

  /** All that was laid down, and zeros up to the capacity. */
  byte[] toBytes() {
    return bytes.array().clone();
  }

  /** The distance counts from the end of the jump, which is two bytes long. */
  private int shortDistance(int target) {
    int distance = target - (here() + 2);
    if (distance < Byte.MIN_VALUE || distance > 0) {
      throw new IllegalArgumentException("not a short jump back: " + distance);
    }
    return distance & 0xFF;
  }
}
