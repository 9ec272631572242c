package dev.topology.plan.qemu;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * One option of QEMU's command line, as qemu(1) lists them.
 *
 * @param flag with its dash: {@code -netdev}
 * @param value exactly as QEMU gets it; empty where the option takes none
 */
public record QemuOption(String flag, Optional<String> value) {

  /** An option without a value: {@code -nodefaults}. */
  public static QemuOption flag(String flag) {
    return new QemuOption(flag, Optional.empty());
  }

  /**
   * An option whose value is a plain string to QEMU, in which a comma is a comma: {@code -append},
   * {@code -kernel}, {@code -initrd}.
   */
  public static QemuOption plain(String flag, String value) {
    return new QemuOption(flag, Optional.of(value));
  }

  /** An option whose value is a list of properties: {@code -netdev user,id=eth0}. */
  public static QemuOption of(String flag, Properties properties) {
    return new QemuOption(flag, Optional.of(properties.toString()));
  }

  /** The one or two arguments it is on a command line. */
  public Stream<String> arguments() {
    return Stream.concat(Stream.of(flag), value.stream());
  }
}
