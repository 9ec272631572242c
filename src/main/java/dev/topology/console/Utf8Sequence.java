package dev.topology.console;

/**
 * Decodes one UTF-8 sequence a byte at a time, so that it may be split between chunks.
 *
 * <p>What is no UTF-8 becomes U+FFFD, one for each maximal subpart, as the Unicode Standard
 * (chapter 3.9) recommends and {@code new String(bytes, UTF_8)} does. Not thread-safe.
 */
final class Utf8Sequence {

  /** The sequence goes on: more bytes are needed. */
  static final int INCOMPLETE = -1;

  /** The sequence broke off before this byte, which has to be looked at again. */
  static final int BROKEN_BEFORE = -2;

  static final int REPLACEMENT = 0xFFFD;

  private int codePoint;
  private int missing;
  private int lowest;
  private int highest;

  boolean isOpen() {
    return missing > 0;
  }

  void reset() {
    missing = 0;
  }

  /**
   * Takes a byte from 0x80 up, or any byte while open; returns a code point or a constant above.
   */
  int push(int unsigned) {
    return isOpen() ? continueWith(unsigned) : start(unsigned);
  }

  private int start(int lead) {
    lowest = 0x80;
    highest = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      return expect(1, lead & 0x1F);
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      // No overlong forms below E0 A0, no surrogates from ED A0.
      lowest = lead == 0xE0 ? 0xA0 : lowest;
      highest = lead == 0xED ? 0x9F : highest;
      return expect(2, lead & 0x0F);
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      // No overlong forms below F0 90, nothing beyond U+10FFFF from F4 90.
      lowest = lead == 0xF0 ? 0x90 : lowest;
      highest = lead == 0xF4 ? 0x8F : highest;
      return expect(3, lead & 0x07);
    }
    return REPLACEMENT;
  }

  private int expect(int bytes, int bits) {
    missing = bytes;
    codePoint = bits;
    return INCOMPLETE;
  }

  private int continueWith(int unsigned) {
    if (unsigned < lowest || unsigned > highest) {
      missing = 0;
      return BROKEN_BEFORE;
    }
    lowest = 0x80;
    highest = 0xBF;
    codePoint = (codePoint << 6) | (unsigned & 0x3F);
    return --missing > 0 ? INCOMPLETE : codePoint;
  }
}
