package dev.topology.posix;

import java.util.Optional;

/**
 * What stands between this process and the C library in tests: it refuses calls, shortens them or
 * makes them slow, as an operating system may. Called by any thread.
 *
 * <p>There is none unless the system property {@value #PROPERTY} names a class of this kind, with a
 * constructor without parameters, when the first call is made.
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
          Class.forName(name).asSubclass(Interposer.class).getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(PROPERTY + " names no interposer: " + name, e);
    }
  }
}
