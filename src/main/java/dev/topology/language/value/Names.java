package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_NAME;

import dev.topology.source.DiagnosticId;
import dev.topology.source.Quote;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses names. */
public final class Names {

  /** RFC 1123, section 2.1, in lower case only, so that no two names differ by case alone. */
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_TEST_NAME = 200;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final String OF_WORDS = "letters, digits, \".\", \"_\" and \"-\", 63 at most";

  private static final Pattern DISK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,19}");

  /** The kernel's own rule (dev_valid_name in net/core/dev.c), IFNAMSIZ being 16. */
  private static final Pattern INTERFACE = Pattern.compile("[\\x21-\\x7e&&[^/:]]{1,15}");

  private static final Pattern NOT_LABEL = Pattern.compile("[^a-z0-9]+");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** MODULE_NAME_LEN in linux/module.h is 56, with the NUL. */
  private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,54}");

  private static final Pattern SYSCTL = Pattern.compile("[a-z][a-z0-9_]*([./][A-Za-z0-9_@:-]+)+");

  private Names() {}

  static Parsed<String> topologyName(String text) {
    return dnsLabel(text, "a topology");
  }

  public static Parsed<String> nodeName(String text) {
    return text.equals("localhost")
        ? Parsed.wrong(
            BAD_NAME, "a node cannot be named \"localhost\"", "every guest calls itself that")
        : dnsLabel(text, "a node");
  }

  static Parsed<String> switchName(String text) {
    return dnsLabel(text, "a switch");
  }

  private static Parsed<String> dnsLabel(String text, String what) {
    if (DNS_LABEL.matcher(text).matches()) {
      return Parsed.value(text);
    }
    String message = Quote.of(text) + " cannot be the name of " + what;
    if (text.length() > LONGEST_LABEL) {
      return Parsed.wrong(
          BAD_NAME,
          message,
          "a name has " + LONGEST_LABEL + " characters at most, not " + text.length());
    }
    String rule = "names are made of lower-case letters, digits and inner hyphens";
    return Parsed.wrong(
        BAD_NAME,
        message,
        toDnsLabel(text)
            .map(it -> "did you mean \"" + it + "\"? " + capitalized(rule))
            .orElse(rule));
  }

  private static String capitalized(String rule) {
    return Character.toUpperCase(rule.charAt(0)) + rule.substring(1);
  }

  /** What a text becomes when everything a DNS label cannot hold is left out, if anything stays. */
  public static Optional<String> toDnsLabel(String text) {
    String label = trimHyphens(NOT_LABEL.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("-"));
    return Optional.of(trimHyphens(label.substring(0, Math.min(LONGEST_LABEL, label.length()))))
        .filter(it -> !it.isEmpty());
  }

  /** The name a topology takes from its file: {@code labs/Lab 1.yaml} gives {@code lab-1}. */
  public static Optional<String> ofFile(String file) {
    String base = file.substring(file.lastIndexOf('/') + 1);
    int dot = base.lastIndexOf('.');
    return toDnsLabel(dot > 0 ? base.substring(0, dot) : base);
  }

  public static Parsed<String> cableName(String text) {
    return matching(WORD, text, "a cable", OF_WORDS);
  }

  static Parsed<String> testName(String text) {
    boolean fits =
        !text.isBlank()
            && text.codePointCount(0, text.length()) <= LONGEST_TEST_NAME
            && text.chars().noneMatch(Character::isISOControl);
    return fits
        ? Parsed.value(text)
        : Parsed.wrong(
            BAD_NAME,
            Quote.of(text) + " cannot be the name of a test",
            "a name is a line without control characters, "
                + LONGEST_TEST_NAME
                + " characters at most");
  }

  static Parsed<String> channelName(String text) {
    if (text.startsWith("topology.") || text.startsWith("org.qemu.")) {
      return Parsed.wrong(
          BAD_NAME,
          "the channel name " + Quote.of(text) + " is reserved",
          "names that start with \"topology.\" or \"org.qemu.\" are taken");
    }
    return matching(WORD, text, "a channel", OF_WORDS);
  }

  static Parsed<String> diskName(String text) {
    return text.startsWith("topology.")
        ? Parsed.wrong(
            BAD_NAME,
            "the disk name " + Quote.of(text) + " is reserved",
            "names that start with \"topology.\" are taken")
        : matching(DISK, text, "a disk", "letters, digits, \".\", \"_\" and \"-\", 20 at most");
  }

  static Parsed<String> interfaceName(String text) {
    if (text.equals("lo") || text.equals(".") || text.equals("..")) {
      return Parsed.wrong(
          BAD_NAME,
          Quote.of(text) + " cannot be the name of a cabled interface",
          "such as \"eth1\"");
    }
    return matching(
        INTERFACE,
        text,
        "an interface",
        "such as \"eth1\": 1 to 15 characters without spaces, \"/\" and \":\"");
  }

  /** The name of an environment variable, as a shell takes it. */
  static Parsed<String> variableName(String text) {
    return matching(
        VARIABLE, text, "an environment variable", "letters, digits and \"_\", no digit first");
  }

  static Parsed<String> moduleName(String text) {
    return matching(
        MODULE,
        text,
        "a kernel module",
        "such as \"br_netfilter\"; parameters go to the kernel: \"cmdline: dummy.numdummies=2\"");
  }

  private static Parsed<String> matching(Pattern pattern, String text, String what, String rule) {
    return pattern.matcher(text).matches()
        ? Parsed.value(text)
        : Parsed.wrong(BAD_NAME, Quote.of(text) + " cannot be the name of " + what, rule);
  }

  /**
   * A kernel parameter as its path below /proc/sys. As for sysctl(8), the first separator decides:
   * after a dot, a slash stands for the dot in a name such as {@code eth0.100}.
   */
  static Parsed<String> sysctlName(String text) {
    if (!SYSCTL.matcher(text).matches()) {
      return Parsed.wrong(
          BAD_NAME,
          Quote.of(text) + " is not the name of a kernel parameter",
          "such as \"net.ipv4.tcp_syncookies\", a path below /proc/sys");
    }
    boolean isDotted = text.matches("[^/]*\\..*");
    return Parsed.value(isDotted ? swapped(text) : text);
  }

  private static String swapped(String text) {
    return text.replace('.', '\0').replace('/', '.').replace('\0', '/');
  }

  private static String trimHyphens(String text) {
    return text.replaceAll("^-+|-+$", "");
  }

  /**
   * A guest image as a file refers to it: by its name, by its directory, or {@code none}.
   *
   * @param text as written
   */
  public record ImageReference(String text, Optional<ContainerName> container) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final String NONE = "none";
    private static final String DEFAULT = "default";

    /** Reads one; a registry's name is known by its dot or port before the first slash. */
    public static Parsed<ImageReference> parse(String text) {
      if (ContainerName.isOne(text)) {
        return ContainerName.parse(text)
            .then(it -> Parsed.value(new ImageReference(text, Optional.of(it))));
      }
      ImageReference image = new ImageReference(text, Optional.empty());
      return image.isDirectory() || NAME.matcher(text).matches()
          ? Parsed.value(image)
          : Parsed.wrong(
              DiagnosticId.BAD_NAME,
              Quote.of(text) + " cannot be the name of an image",
              ContainerName.hint(text)
                  .orElse(
                      "lower-case letters, digits, \".\", \"_\" and \"-\"; a directory has a \"/\", such as \"./image\""));
    }

    /** The image of a node that has neither an image nor a kernel. */
    public static ImageReference ofDefault() {
      return new ImageReference(DEFAULT, Optional.empty());
    }

    /** Whether the image of the group or the defaults is not wanted. */
    public boolean isNone() {
      return text.equals(NONE);
    }

    /** Whether it is the built-in image. */
    public boolean isDefault() {
      return text.equals(DEFAULT);
    }

    /** Whether it is a directory: a text with a slash, or one that starts with a dot or a tilde. */
    public boolean isDirectory() {
      return container.isEmpty()
          && (text.contains("/") || text.startsWith(".") || text.startsWith("~"));
    }
  }
}
