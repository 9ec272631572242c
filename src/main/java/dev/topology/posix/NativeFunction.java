package dev.topology.posix;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * One function of the C library, called without allocating.
 *
 * <p>Every argument of the functions used here is an integer or an address. The C calling
 * conventions of 64-bit machines give each of those one whole register, so that one signature per
 * number of arguments serves all functions, variadic ones included. Safe for use by several
 * threads.
 *
 * <p>Tests can have calls fail: see {@link Interposer}.
 */
final class NativeFunction {
  private static final Optional<Interposer> INTERPOSER = Interposer.configured();

  /** {@code read(2)}, {@code write(2)}, {@code recv(2)}, {@code send(2)}. */
  private static final Set<String> MOVE_BYTES = Set.of("read", "write", "recv", "send");

  private final String name;
  private final long address;
  private final CallContext signature;
  private final boolean returnsInt;

  private NativeFunction(String name, int arguments, boolean returnsInt) {
    this.name = name;
    this.address = Library.getDefault().getSymbolAddress(name);
    this.signature = signature(arguments);
    this.returnsInt = returnsInt;
  }

  /** A function that returns an {@code int}. */
  static NativeFunction returningInt(String name, int arguments) {
    return new NativeFunction(name, arguments, true);
  }

  /** A function that returns a {@code long} or {@code ssize_t}. */
  static NativeFunction returningLong(String name, int arguments) {
    return new NativeFunction(name, arguments, false);
  }

  private static CallContext signature(int arguments) {
    Type[] parameters = new Type[arguments];
    Arrays.fill(parameters, Type.SLONG);
    boolean keepErrno = true;
    return CallContext.getCallContext(Type.SLONG, parameters, CallingConvention.DEFAULT, keepErrno);
  }

  String name() {
    return name;
  }

  /** Whether this C library has it. Calling a function that is missing is a bug. */
  boolean exists() {
    return address != 0;
  }

  /** The {@code errno} that this thread's last call left. */
  static int errno() {
    return LastError.getInstance().get();
  }

  /**
   * The result of this thread's last call, which must have been one of this function.
   *
   * @throws SystemCallException if it failed
   */
  int checked(long result) throws SystemCallException {
    if (result == -1) {
      throw SystemCallException.last(this);
    }
    return (int) result;
  }

  long call(long a) {
    return isRefused() ? refusal() : result(invoker().invokeN1(signature, address(), a));
  }

  long call(long a, long b) {
    return isRefused() ? refusal() : result(invoker().invokeN2(signature, address(), a, b));
  }

  long call(long a, long b, long c) {
    return isRefused()
        ? refusal()
        : result(invoker().invokeN3(signature, address(), a, b, atMost(c)));
  }

  long call(long a, long b, long c, long d) {
    return isRefused()
        ? refusal()
        : result(invoker().invokeN4(signature, address(), a, b, atMost(c), d));
  }

  long call(long a, long b, long c, long d, long e) {
    return isRefused()
        ? refusal()
        : result(invoker().invokeN5(signature, address(), a, b, c, d, e));
  }

  long call(long a, long b, long c, long d, long e, long f) {
    return isRefused()
        ? refusal()
        : result(invoker().invokeN6(signature, address(), a, b, c, d, e, f));
  }

  /** Whether the call fails without being made, with what {@link #refusal} returns. */
  private boolean isRefused() {
    return INTERPOSER.isPresent() && INTERPOSER.get().refuses(name);
  }

  /** The {@code posix_spawn} family returns an error number, the others leave it in errno. */
  private long refusal() {
    int errno = INTERPOSER.map(Interposer::errno).orElseThrow();
    if (name.startsWith("posix_spawn")) {
      return errno;
    }
    LastError.getInstance().set(errno);
    return -1;
  }

  /** The third argument of what moves bytes is their number. */
  private long atMost(long third) {
    return INTERPOSER.isPresent() && MOVE_BYTES.contains(name)
        ? INTERPOSER.get().atMost(name, third)
        : third;
  }

  private static Invoker invoker() {
    return Invoker.getInstance();
  }

  private long address() {
    if (!exists()) {
      throw new UnsupportedOperationException("this C library has no " + name);
    }
    return address;
  }

  /** The upper half of the register of an {@code int} result is undefined. */
  private long result(long register) {
    return returnsInt ? (int) register : register;
  }

  /**
   * Wraps the calls of the C library in tests: it lets them fail, shortens them or makes them slow,
   * as an operating system may. Called by any thread.
   *
   * <p>There is none unless the system property {@value #PROPERTY} names a class of this kind, with
   * a constructor without parameters, when the first call is made.
   */
  interface Interposer {

    /** The system property that names one. */
    String PROPERTY = "topology.posix.interposer";

    /** Whether a call of a function fails without being made. May block as long as it likes. */
    boolean refuses(String function);

    /** The {@code errno} with which the call of this thread fails that was refused last. */
    int errno();

    /** How many bytes a call of {@code read}, {@code write}, {@code recv} or {@code send} moves. */
    long atMost(String function, long bytes);

    /** The one that the system property names. */
    static Optional<Interposer> configured() {
      String name = System.getProperty(PROPERTY);
      if (name == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            Class.forName(name)
                .asSubclass(Interposer.class)
                .getDeclaredConstructor()
                .newInstance());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(PROPERTY + " names no interposer: " + name, e);
      }
    }
  }
}
