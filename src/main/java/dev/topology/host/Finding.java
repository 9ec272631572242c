package dev.topology.host;

import java.util.Optional;

/**
 * One thing that was looked at on this host, and how it is.
 *
 * @param level whether it is a reason to worry
 * @param subject what was looked at, in a word: {@code QEMU}, {@code KVM}
 * @param text how it is; a clause
 * @param remedy what the user can do about it, in one or more lines
 */
public record Finding(Level level, String subject, String text, Optional<String> remedy) {

  /** How bad a finding is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** It will do, but could be better. */
    WARN,
    /** No topology can run like this. */
    FAIL
  }

  static Finding ok(String subject, String text) {
    return new Finding(Level.OK, subject, text, Optional.empty());
  }

  static Finding warn(String subject, String text, String remedy) {
    return new Finding(Level.WARN, subject, text, Optional.of(remedy));
  }

  static Finding fail(String subject, String text, String remedy) {
    return new Finding(Level.FAIL, subject, text, Optional.of(remedy));
  }
}
