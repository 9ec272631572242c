package dev.topology.image;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what apt-get says on its way out into what the user can do about it. */
final class AptFailure {

  private static final Pattern UNKNOWN =
      Pattern.compile(
          "E: (?:Unable to locate package |Couldn't find any package by \\S+ |Package ')([^'\\s]+)");

  private AptFailure() {}

  static ImageException resolving(List<String> names, String errors) {
    Matcher unknown = UNKNOWN.matcher(errors);
    if (unknown.find()) {
      return new UnknownPackageException(unknown.group(1));
    }
    return new ImageException(
        "apt-get cannot find a way to install "
            + String.join(" ", names)
            + " together. It says:\n"
            + errors.indent(2).stripTrailing());
  }

  static ImageException downloading(String errors) {
    return new ImageException(
        "apt-get cannot download the packages for the guest image. It says:\n"
            + errors.indent(2).stripTrailing()
            + "\n"
            + remedy(errors));
  }

  private static String remedy(String errors) {
    if (errors.contains("404")) {
      return "The package lists are older than the archive: run \"apt-get update\" as root, once.";
    }
    if (errors.contains("resolv") || errors.contains("connect")) {
      return "Check the network and apt's proxy settings, and try again. On a machine without a network, give each"
          + " node a \"kernel\" and an \"initramfs\" instead.";
    }
    if (errors.contains("free space") || errors.contains("No space left")) {
      return FailureReason.MORE_SPACE + ".";
    }
    return "Check that \"apt-get update\" as root works, and try again.";
  }

  static ImageException noKernel(List<String> tried) {
    return new ImageException(
        "cannot build a guest image: apt knows none of the kernel packages "
            + String.join(", ", tried)
            + ". Where apt's package lists are empty, run \"apt-get update\" as root, once. Otherwise give each"
            + " node a \"kernel\" and an \"initramfs\" instead");
  }

  /** apt knows no package of that name, or none that can be installed. */
  static final class UnknownPackageException extends ImageException {

    private static final long serialVersionUID = 1L;

    private final String name;

    UnknownPackageException(String name) {
      super(
          "cannot build a guest image with package \""
              + name
              + "\": apt knows no such package, or none for this system. Check the name, and"
              + " whether \"apt-get update\" was run (as root, once)");
      this.name = name;
    }

    String name() {
      return name;
    }
  }
}
