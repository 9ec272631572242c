package dev.topology.qemu;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of an option that has properties, in the order given: {@code user,id=eth0,ipv6=off}.
 *
 * <p>QEMU takes a comma for the end of a value and two commas for one comma (qemu(1), "Option
 * syntax" of {@code -drive}, true of every such option), so every value is written with its commas
 * doubled.
 *
 * @param parts as written, commas doubled already
 */
public record Properties(List<String> parts) {

  public Properties {
    parts = List.copyOf(parts);
  }

  /** No properties yet. */
  public static Properties none() {
    return new Properties(List.of());
  }

  /** Starts with a value whose key QEMU implies: the type of a device, the name of a machine. */
  public static Properties of(String implied) {
    return none().and(escaped(implied));
  }

  /** These and one more. */
  public Properties with(String key, String value) {
    return and(key + "=" + escaped(value));
  }

  /** These and one more that is a number. */
  public Properties with(String key, int value) {
    return with(key, Integer.toString(value));
  }

  /** These and one more that is a switch. */
  public Properties with(String key, boolean on) {
    return with(key, on ? "on" : "off");
  }

  private Properties and(String part) {
    List<String> more = new ArrayList<>(parts);
    more.add(part);
    return new Properties(more);
  }

  private static String escaped(String value) {
    return value.replace(",", ",,");
  }

  /** As QEMU reads it. */
  @Override
  public String toString() {
    return String.join(",", parts);
  }
}
