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

  /**
   * The value of an option that has properties, in the order given: {@code user,id=eth0,ipv6=off}.
   *
   * <p>QEMU takes a comma for the end of a value and two commas for one comma (qemu(1), at {@code
   * -drive file=}; true of every such option), so every value is written with its commas doubled.
   *
   * @param text as QEMU reads it
   */
  public record Properties(String text) {

    /** No properties yet. */
    public static Properties none() {
      return new Properties("");
    }

    /** Starts with a value whose key QEMU implies: the type of a device, the name of a machine. */
    public static Properties of(String implied) {
      return new Properties(escaped(implied));
    }

    /** These and one more. */
    public Properties with(String key, String value) {
      String property = key + "=" + escaped(value);
      return new Properties(text.isEmpty() ? property : text + "," + property);
    }

    /** These and one more that is a number. */
    public Properties with(String key, int value) {
      return with(key, Integer.toString(value));
    }

    /** These and one more that is a switch. */
    public Properties with(String key, boolean on) {
      return with(key, on ? "on" : "off");
    }

    private static String escaped(String value) {
      return value.replace(",", ",,");
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
