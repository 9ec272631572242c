package dev.topology.plan.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * One frame of the conversation with the guest's agent over {@code topology.shell}: a header of 12
 * bytes, and a payload. Numbers are big-endian.
 *
 * <pre>
 * type 1, stream 1, zero 2, id 4, length 4, payload
 * </pre>
 *
 * <p>An id names a program, a listener or a connection; those that the guest gives out have their
 * highest bit set. See "The guest's side" in the language reference, and {@code src/guest/agent.h}.
 * Immutable, as long as nobody changes a payload.
 *
 * @param type what it is about
 * @param stream 0 is what a program reads, 1 and 2 are what it writes; a connection's is 0, both
 *     ways
 * @param id of a program, listener or connection; 0 to 2^32 - 1
 * @param payload what it carries; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Frames are never compared.
public record AgentFrame(Type type, int stream, long id, byte[] payload) {

  /** What a frame is about. */
  public enum Type {
    /** Who the sender is: {@link #GREETING}. The first frame of a guest. */
    HELLO(1),
    /** Bytes of a stream. */
    DATA(2),
    /** The end of a stream. */
    END(3),
    /** So many more bytes of a stream may be sent; of an input: so many have been read. */
    CREDIT(4),
    /** End it at once: a program is killed with its session, a connection is reset. */
    CLOSE(5),
    /** To the guest: {@link ProgramStart}. */
    RUN(16),
    /** To the guest: how large a program's terminal is. */
    WINDOW(17),
    /** To the guest: a signal for a program's process group in the foreground. */
    SIGNAL(18),
    /** To the guest: the time, and fresh random bytes. */
    CLOCK(19),
    /** To the guest: to listen on a TCP port. */
    LISTEN(20),
    /** From the guest: what was asked for is done. */
    DONE(32),
    /** From the guest: it is not done; a text says why. */
    FAILED(33),
    /** From the guest: a program's exit status. */
    EXIT(34),
    /** From the guest: nobody reads this stream any more. */
    STOP(35),
    /** From the guest: somebody has connected to a listener. */
    ACCEPTED(36);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    private static Type of(int number) {
      return Arrays.stream(values())
          .filter(type -> type.number == number)
          .findFirst()
          .orElseThrow(() -> new BadFrameException("type " + number));
    }
  }

  /** What a guest sent is no frame. */
  public static final class BadFrameException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BadFrameException(String what) {
      super(what);
    }
  }

  /** What both sides say first. */
  public static final String GREETING = "topology-shell 3";

  /** How many bytes a header has. */
  public static final int HEADER_BYTES = 12;

  /** How many bytes a guest puts into one frame at the most. */
  public static final int MOST_FROM_GUEST = 32 * 1024;

  /** How many bytes a guest takes in one frame at the most. */
  public static final int MOST_TO_GUEST = 256 * 1024;

  /** How many bytes of an input may be under way until the guest gives {@link Type#CREDIT}. */
  public static final int INPUT_WINDOW = 64 * 1024;

  private static final byte[] NOTHING = {};

  /** The old greeting of an agent that spoke in lines, as the beginning of a header. */
  private static final byte[] OLDER = "shell ".getBytes(US_ASCII);

  /** A header that came from a guest. */
  public record Header(Type type, int stream, long id, int length) {

    /**
     * Reads the header of a frame from a guest.
     *
     * @param bytes {@link #HEADER_BYTES} of them
     * @throws BadFrameException if no agent of this version sends such a header
     */
    public static Header parse(byte[] bytes) {
      if (Arrays.equals(bytes, 0, OLDER.length, OLDER, 0, OLDER.length)) {
        throw new BadFrameException("the greeting of an older topology; build its image again");
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      Type type = Type.of(buffer.get());
      int stream = Byte.toUnsignedInt(buffer.get());
      int zero = buffer.getShort();
      long id = Integer.toUnsignedLong(buffer.getInt());
      long length = Integer.toUnsignedLong(buffer.getInt());
      if (zero != 0 || length > MOST_FROM_GUEST) {
        throw new BadFrameException("a length of " + length + " bytes");
      }
      return new Header(type, stream, id, (int) length);
    }
  }

  /** A frame of bytes. */
  public static AgentFrame data(long id, int stream, byte[] bytes) {
    return new AgentFrame(Type.DATA, stream, id, bytes);
  }

  /** The end of a stream. */
  public static AgentFrame end(long id, int stream) {
    return new AgentFrame(Type.END, stream, id, NOTHING);
  }

  /** Has the agent forget everything, and say who it is. */
  public static AgentFrame hello() {
    return new AgentFrame(Type.HELLO, 0, 0, GREETING.getBytes(US_ASCII));
  }

  /** Leave to send so many more bytes. */
  public static AgentFrame credit(long id, int stream, int bytes) {
    return new AgentFrame(Type.CREDIT, stream, id, number(bytes));
  }

  /** To end a program, a listener or a connection at once. */
  public static AgentFrame close(long id) {
    return new AgentFrame(Type.CLOSE, 0, id, NOTHING);
  }

  /** A signal for a program. */
  public static AgentFrame signal(long id, int number) {
    return new AgentFrame(Type.SIGNAL, 0, id, number(number));
  }

  /** How large the terminal of a program is. */
  public static AgentFrame window(long id, int rows, int columns) {
    byte[] payload =
        ByteBuffer.allocate(2 * Short.BYTES)
            .putShort((short) rows)
            .putShort((short) columns)
            .array();
    return new AgentFrame(Type.WINDOW, 0, id, payload);
  }

  /** The time, and fresh random bytes, at most 512. */
  public static AgentFrame clock(long id, Instant now, byte[] seed) {
    byte[] payload =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + seed.length)
            .putLong(now.getEpochSecond())
            .putInt(now.getNano())
            .put(seed)
            .array();
    return new AgentFrame(Type.CLOCK, 0, id, payload);
  }

  /**
   * To listen.
   *
   * @param window how many bytes of each connection the guest may send before it gets credit
   * @param address 4 or 16 bytes; the guest need not have it yet
   */
  public static AgentFrame listen(long id, int window, int port, byte[] address) {
    byte[] payload =
        ByteBuffer.allocate(Integer.BYTES + Short.BYTES + address.length)
            .putInt(window)
            .putShort((short) port)
            .put(address)
            .array();
    return new AgentFrame(Type.LISTEN, 0, id, payload);
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /**
   * The number that is the payload, 0 or more.
   *
   * @throws BadFrameException if it is none
   */
  public int number() {
    int number = payload.length == Integer.BYTES ? ByteBuffer.wrap(payload).getInt() : -1;
    if (number < 0) {
      throw new BadFrameException(type + " without its number");
    }
    return number;
  }

  /** The frame as it goes over the port. */
  public byte[] bytes() {
    return ByteBuffer.allocate(HEADER_BYTES + payload.length)
        .put((byte) type.number)
        .put((byte) stream)
        .putShort((short) 0)
        .putInt((int) id)
        .putInt(payload.length)
        .put(payload)
        .array();
  }

  @Override
  public String toString() {
    return type + " of " + id + "." + stream + ", " + payload.length + " bytes";
  }
}
