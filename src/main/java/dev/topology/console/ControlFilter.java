package dev.topology.console;

/**
 * Takes the control sequences out of what a guest prints, so that nothing a guest does can colour,
 * retitle, overwrite or question the user's terminal.
 *
 * <p>A terminal in UTF-8 mode decodes first and looks for controls in what it decoded; so does
 * this. The sequences are those of ECMA-48 (CSI, OSC, DCS, SOS, PM, APC, escapes; with ESC or as a
 * C1 control), parsed like Paul Williams' DEC-compatible parser with one exception: <b>a line feed
 * ends every sequence</b>. A sequence that was never completed thus costs the rest of its line, not
 * the kernel panic after it. What reorders, breaks or hides text goes too: see {@link
 * #isInvisible}. Tabs stay.
 *
 * <p>Everything may be split between chunks at any byte. Not thread-safe.
 */
final class ControlFilter {

  private enum State {
    GROUND,
    ESCAPE,
    ESCAPE_INTERMEDIATE,
    CSI,
    STRING
  }

  private static final int CAN = 0x18;
  private static final int SUB = 0x1A;
  private static final int ESC = 0x1B;
  private static final int DEL = CleanText.DEL;
  private static final int C1_NEXT_LINE = 0x85;
  private static final int C1_CSI = 0x9B;
  private static final int C1_STRING_END = 0x9C;

  private final Utf8Sequence sequence = new Utf8Sequence();
  private State state = State.GROUND;

  /** A carriage return whose meaning depends on whether a line feed comes next. */
  private boolean returned;

  /** Adds the clean form of some bytes to {@code clean}. */
  void filter(byte[] bytes, int from, int count, CleanText clean) {
    int end = from + count;
    int i = from;
    while (i < end) {
      if (isPlain()) {
        i = clean.printable(bytes, i, end);
        int lineEnd = lineEnd(bytes, i, end);
        if (lineEnd > 0) {
          clean.control(CleanText.LINE_END);
          i += lineEnd;
          continue;
        }
      }
      if (i < end) {
        push(bytes[i++] & 0xFF, clean);
      }
    }
  }

  /** Whether nothing that came before has a say in what comes next. */
  private boolean isPlain() {
    return state == State.GROUND && !sequence.isOpen() && !returned;
  }

  /** The length of the line end at {@code at}, as nearly every line has it; 0 if there is none. */
  private static int lineEnd(byte[] bytes, int at, int end) {
    if (at < end && bytes[at] == '\n') {
      return 1;
    }
    return at + 1 < end && bytes[at] == '\r' && bytes[at + 1] == '\n' ? 2 : 0;
  }

  private void push(int unsigned, CleanText clean) {
    if (unsigned < 0x80 && !sequence.isOpen()) {
      take(unsigned, clean);
      return;
    }
    int decoded = sequence.push(unsigned);
    if (decoded == Utf8Sequence.BROKEN_BEFORE) {
      take(Utf8Sequence.REPLACEMENT, clean);
      push(unsigned, clean);
    } else if (decoded != Utf8Sequence.INCOMPLETE) {
      take(decoded, clean);
    }
  }

  private void take(int codePoint, CleanText clean) {
    if (codePoint < 0x20) {
      c0(codePoint, clean);
    } else if (codePoint >= 0x80 && codePoint < 0xA0) {
      c1(codePoint, clean);
    } else if (state == State.GROUND) {
      print(codePoint, clean);
    } else {
      state = next(codePoint);
    }
  }

  private void print(int codePoint, CleanText clean) {
    if (codePoint == DEL || isInvisible(codePoint)) {
      return;
    }
    leaveLineStart(clean);
    clean.codePoint(codePoint);
  }

  /**
   * Whether a character has no glyph of its own and changes how others look: the bidirectional
   * controls, the zero-width characters, tags and variation selectors (Default_Ignorable_Code_Point
   * of the Unicode Standard, chapter 5.21), and the line and paragraph separators.
   */
  static boolean isInvisible(int codePoint) {
    if (codePoint < 0x2000) {
      return switch (codePoint) {
        case 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5 -> true;
        default -> codePoint >= 0x180B && codePoint <= 0x180F;
      };
    }
    return (codePoint >= 0x200B && codePoint <= 0x200F)
        || (codePoint >= 0x2028 && codePoint <= 0x202E)
        || (codePoint >= 0x2060 && codePoint <= 0x206F)
        || codePoint == 0x3164
        || (codePoint >= 0xFE00 && codePoint <= 0xFE0F)
        || codePoint == 0xFEFF
        || codePoint == 0xFFA0
        || (codePoint >= 0xFFF0 && codePoint <= 0xFFFB)
        || (codePoint >= 0x1BCA0 && codePoint <= 0x1BCA3)
        || (codePoint >= 0x1D173 && codePoint <= 0x1D17A)
        || (codePoint >= 0xE0000 && codePoint <= 0xE0FFF);
  }

  private State next(int codePoint) {
    return switch (state) {
      case ESCAPE ->
          switch (codePoint) {
            case '[' -> State.CSI;
            case ']', 'P', 'X', '^', '_' -> State.STRING;
            default -> codePoint < 0x30 ? State.ESCAPE_INTERMEDIATE : State.GROUND;
          };
      case ESCAPE_INTERMEDIATE -> codePoint < 0x30 ? state : State.GROUND;
      case CSI -> codePoint < 0x40 ? state : State.GROUND;
      default -> state;
    };
  }

  private void c0(int control, CleanText clean) {
    switch (control) {
      case '\n', 0x0B, '\f' -> lineEnd(clean);
      case ESC -> state = State.ESCAPE;
      case CAN, SUB -> state = State.GROUND;
      case 0x07 -> state = state == State.STRING ? State.GROUND : state;
      default -> {
        if (state != State.STRING) {
          move(control, clean);
        }
      }
    }
  }

  private void move(int control, CleanText clean) {
    if (control == '\r') {
      returned = true;
    } else if (control == '\b') {
      leaveLineStart(clean);
      clean.control(CleanText.BACKSPACE);
    } else if (control == '\t') {
      leaveLineStart(clean);
      clean.codePoint('\t');
    }
  }

  private void c1(int control, CleanText clean) {
    state =
        switch (control) {
          case C1_CSI -> State.CSI;
          case 0x90, 0x98, 0x9D, 0x9E, 0x9F -> State.STRING;
          case C1_STRING_END -> State.GROUND;
          default -> state == State.STRING ? state : State.GROUND;
        };
    if (control == C1_NEXT_LINE && state == State.GROUND) {
      lineEnd(clean);
    }
  }

  private void lineEnd(CleanText clean) {
    returned = false;
    state = State.GROUND;
    clean.control(CleanText.LINE_END);
  }

  private void leaveLineStart(CleanText clean) {
    if (returned) {
      returned = false;
      clean.control(CleanText.LINE_START);
    }
  }

  /** Adds what a sequence that was cut off by the end of the stream comes to. */
  void end(CleanText clean) {
    if (sequence.isOpen()) {
      sequence.reset();
      take(Utf8Sequence.REPLACEMENT, clean);
    }
  }

  /**
   * Decodes one UTF-8 sequence a byte at a time, so that it may be split between chunks.
   *
   * <p>What is no UTF-8 becomes U+FFFD, one for each maximal subpart, as the Unicode Standard
   * (chapter 3.9) recommends and {@code new String(bytes, UTF_8)} does. Not thread-safe.
   */
  static final class Utf8Sequence {

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
}
