package dev.topology.posix;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import java.util.Arrays;

/**
 * One function of the C library, called without allocating.
 *
 * <p>Every argument of the functions used here is an integer or an address. The C calling
 * conventions of 64-bit machines give each of those one whole register, so that one signature per
 * number of arguments serves all functions, variadic ones included. Safe for use by several
 * threads.
 */
final class NativeFunction {
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

  long call(long a) {
    return result(invoker().invokeN1(signature, address(), a));
  }

  long call(long a, long b) {
    return result(invoker().invokeN2(signature, address(), a, b));
  }

  long call(long a, long b, long c) {
    return result(invoker().invokeN3(signature, address(), a, b, c));
  }

  long call(long a, long b, long c, long d) {
    return result(invoker().invokeN4(signature, address(), a, b, c, d));
  }

  long call(long a, long b, long c, long d, long e) {
    return result(invoker().invokeN5(signature, address(), a, b, c, d, e));
  }

  long call(long a, long b, long c, long d, long e, long f) {
    return result(invoker().invokeN6(signature, address(), a, b, c, d, e, f));
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
}
