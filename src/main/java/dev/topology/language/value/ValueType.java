package dev.topology.language.value;

import static dev.topology.source.DiagnosticId.BAD_PATH;
import static dev.topology.source.DiagnosticId.BAD_REGEX;
import static dev.topology.source.DiagnosticId.BAD_TEXT;

import dev.topology.language.value.Addresses.Destination;
import dev.topology.language.value.Addresses.EndAddress;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.value.Ports.GuestPort;
import dev.topology.language.value.Ports.HostPort;
import dev.topology.language.value.Ports.ServiceAddress;
import dev.topology.language.value.Ports.ServiceTarget;
import dev.topology.model.BitRate;
import dev.topology.model.CableEnd.Outside.Peer;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.IpAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Readiness.Condition.HttpAnswer;
import dev.topology.model.Share;
import dev.topology.source.Quote;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The kinds of values that are written as a text: for each the type that it is parsed into, a
 * pattern for editors, words for people, and the parser.
 */
public enum ValueType {
  TEXT(String.class, "a text", Parsed::value),
  TOPOLOGY_NAME(
      String.class,
      Patterns.DNS_LABEL,
      "a name of lower-case letters, digits and inner hyphens, 63 characters at most",
      Names::topologyName),
  NODE_NAME(
      String.class,
      "(?!localhost$)" + Patterns.DNS_LABEL,
      "a name of lower-case letters, digits and inner hyphens, 63 characters at most",
      Names::nodeName),
  SWITCH_NAME(
      String.class,
      Patterns.DNS_LABEL,
      "a name of lower-case letters, digits and inner hyphens, 63 characters at most",
      Names::switchName),
  CABLE_NAME(
      String.class,
      Patterns.WORD,
      "a name of letters, digits, \".\", \"_\" and \"-\", 63 at most",
      Names::cableName),
  TEST_NAME(
      String.class,
      "(?=.*\\S)[^\\x00-\\x1f\\x7f-\\x9f]{1,200}",
      "a line without control characters, 200 characters at most",
      Names::testName),
  CHANNEL_NAME(
      String.class,
      "(?!topology\\.|org\\.qemu\\.)" + Patterns.WORD,
      "a name of letters, digits, \".\", \"_\" and \"-\", 63 at most",
      Names::channelName),
  DISK_NAME(
      String.class,
      "(?!topology\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,19}",
      "a name of letters, digits, \".\", \"_\" and \"-\", 20 at most",
      Names::diskName),
  INTERFACE_NAME(
      String.class,
      "(?!(lo|\\.|\\.\\.)$)[!-.0-9;-~]{1,15}",
      "a name of 1 to 15 characters without spaces, \"/\" and \":\"",
      Names::interfaceName),
  IMAGE(
      ImageReference.class,
      "[a-z0-9][a-z0-9._-]{0,62}|oci:"
          + Patterns.ANY
          + "|[.~]"
          + Patterns.ANY
          + "|"
          + Patterns.ANY
          + "/"
          + Patterns.ANY,
      "the name of an image, none, a directory such as ./image, or a container image",
      ImageReference::parse),
  MEMORY(
      Memory.class,
      "[1-9][0-9]{0,11}(KiB|MiB|GiB|TiB)",
      "a size such as 256MiB or 1GiB",
      Quantities::memory),
  DURATION(
      Duration.class,
      Patterns.DURATION,
      "a span of time such as 60s, 500ms or 1m30s",
      Quantities::duration),
  DELAY(
      Duration.class,
      Patterns.DURATION,
      "a span of time such as 20ms, 100us or 1.5s, 60s at most",
      Quantities::delay),
  SHARE(
      Share.class,
      "(0{0,6}100(\\.0{1,7})?|0{0,7}[0-9]{1,2}(\\.[0-9]{1,7})?)%",
      "a share of the frames from 0% to 100%, such as 0.5%",
      Quantities::share),
  RATE(
      BitRate.class,
      "[0-9]{1,12}(\\.[0-9]{1,9})?(bit|kbit|Mbit|Gbit)",
      "a number of bits a second such as 10Mbit, from 1kbit to 100Gbit",
      Quantities::rate),
  QUEUE(
      Memory.class,
      "[1-9][0-9]{0,8}(KiB|MiB)",
      "a size such as 256KiB, at most 64MiB",
      Quantities::queue),
  GUEST_PORT(
      GuestPort.class,
      Patterns.PORT + "(/(tcp|udp))?",
      "a port of the guest such as 22, 22/tcp or 53/udp",
      Ports::guestPort),
  HTTP_PATH(
      HttpAnswer.class,
      Patterns.PORT + "(/[!-~]*)?",
      "a port of the guest and a path, such as 80/health",
      Ports::httpPath),
  HOST_PORT(
      HostPort.class,
      "((" + Patterns.V4 + "|\\[" + Patterns.V6 + "\\]):)?(auto|same|" + Patterns.PORT + ")",
      "a port of the host such as 8080, auto, same or 0.0.0.0:8080",
      Ports::hostPort),
  /** Not the network itself, the host, the name server, the guest, or the broadcast address. */
  SERVICE_ADDRESS(
      ServiceAddress.class,
      "10\\.42\\.0\\.(?!(0|2|3|10|255):)" + Patterns.OCTET + ":" + Patterns.PORT,
      "a free address in 10.42.0.0/24 with a port: 10.42.0.100:5000",
      Ports::serviceAddress),
  SERVICE_TARGET(
      ServiceTarget.class,
      "(unix:"
          + (Patterns.NOT_BLANK + "|(" + Patterns.V4)
          + ("|\\[" + Patterns.V6 + "\\]|" + Patterns.HOST_NAME + "):" + Patterns.PORT + ")"),
      "an address or name with a port, such as 127.0.0.1:5000, or a socket such as unix:app.sock",
      Ports::serviceTarget),
  UDP_PEER(
      Peer.class,
      "(" + Patterns.V4 + "|\\[" + Patterns.V6 + "\\]|" + Patterns.HOST_NAME + "):" + Patterns.PORT,
      "an address or name with a port, such as 192.0.2.7:5001",
      Ports::udpPeer),
  DESTINATION(
      Destination.class,
      "(default|" + Patterns.PREFIXED + ")",
      "a network such as 10.0.4.0/24, or default",
      Destination::parse),
  SUBNET(
      InterfaceAddress.class,
      Patterns.PREFIXED,
      "a network such as 10.1.0.0/24 or fd00:1::/64",
      Addresses::subnet),
  IP_ADDRESS(
      IpAddress.class,
      "(" + Patterns.V4 + "|" + Patterns.V6 + ")",
      "an IP address such as 10.64.0.1",
      Addresses::ip),
  END_ADDRESS(
      EndAddress.class,
      "(none|dhcp|" + Patterns.PREFIXED + ")",
      "an address with its prefix length, such as 10.0.3.1/24 or fd00:3::1/64, dhcp or none",
      Addresses::endAddress),
  NO_ADDRESS(String.class, "none", "none: addresses are given to ends", Addresses::none),
  /** The last bit of the first pair makes an address one of many stations. */
  MAC_ADDRESS(
      MacAddress.class,
      "[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}",
      "a MAC address of one station, such as 02:00:00:00:00:01",
      Addresses::mac),
  HOST_PATH(
      HostPath.class,
      Patterns.NOT_BLANK,
      "a path of the host, absolute or relative to the file",
      HostPath::parse),
  /** Absolute, and no part of it empty or made of one or two dots. */
  GUEST_PATH(
      String.class,
      "(/(?!\\.{0,2}(/|$))[^/\\u0000-\\u001f\\u007f-\\u009f]+)+",
      "an absolute path in the guest, such as /etc/motd",
      Texts::guestPath),
  KERNEL_ARGUMENTS(
      String.class,
      "\\s*[^\\x00-\\x1f\\x7f-\\x9f]*\\s*",
      "a single line without control characters",
      Texts::oneLine),
  VARIABLE_NAME(
      String.class,
      "[A-Za-z_][A-Za-z0-9_]*",
      "the name of an environment variable: letters, digits and \"_\", no digit first",
      Names::variableName),
  MODULE_NAME(
      String.class,
      "[A-Za-z0-9][A-Za-z0-9_-]{0,54}",
      "the name of a kernel module, such as br_netfilter",
      Names::moduleName),
  /** The path below /proc/sys. */
  SYSCTL_NAME(
      String.class,
      "[a-z][a-z0-9_]*([./][A-Za-z0-9_@:-]+)+",
      "the name of a kernel parameter, such as net.ipv4.tcp_syncookies",
      Names::sysctlName),
  SYSCTL_VALUE(
      String.class,
      "[^\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f]*",
      "a single line without control characters",
      Texts::sysctlValue),
  REGEX(Pattern.class, "a regular expression of Java", Texts::regex);

  private final Class<?> type;
  private final Optional<String> pattern;
  private final String words;

  // Always a reference to a static method.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<String, Parsed<?>> parser;

  <T> ValueType(Class<? super T> type, String words, Function<String, Parsed<T>> parser) {
    this(type, Optional.empty(), words, parser);
  }

  <T> ValueType(
      Class<? super T> type, String pattern, String words, Function<String, Parsed<T>> parser) {
    this(type, Optional.of(pattern), words, parser);
  }

  <T> ValueType(
      Class<? super T> type,
      Optional<String> pattern,
      String words,
      Function<String, Parsed<T>> parser) {
    this.type = type;
    this.pattern = pattern;
    this.words = words;
    this.parser = parser::apply;
  }

  /** What a text of this kind is parsed into. */
  public Class<?> type() {
    return type;
  }

  /**
   * A regular expression for the whole of a text, in the language that Java and ECMAScript (with
   * its flag {@code u}) share. Every text that parses matches it. A text that matches and does not
   * parse is out of some range, or needs more than a pattern to be told from a good one. Empty
   * where there is nothing to match.
   */
  public Optional<String> pattern() {
    return pattern;
  }

  /** What it is, with an article and often an example: {@code a size such as 256MiB or 1GiB}. */
  public String words() {
    return words;
  }

  /** The value of a text, which is a {@link #type()}, or what is wrong with the text. */
  public Parsed<?> parse(String text) {
    return parser.apply(text);
  }

  /** Parts of patterns. Each stands for a whole text. */
  private static final class Patterns {

    static final String ANY = "[\\s\\S]*";
    static final String NOT_BLANK = "[\\s\\S]*\\S[\\s\\S]*";
    static final String DNS_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    static final String DURATION = "([0-9]{1,9}(\\.[0-9]{1,9})?(us|ms|s|m|h))+";
    static final String PORT =
        "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    static final String V4 = OCTET + "(\\." + OCTET + "){3}";
    static final String V6 = "[0-9a-fA-F:]*:[0-9a-fA-F:.]*";
    static final String PREFIXED =
        "("
            + (V4 + "/(0{0,2}[0-9]|0?[12][0-9]|0?3[0-2])|")
            + (V6 + "/(0{0,2}[0-9]|0?[1-9][0-9]|1[01][0-9]|12[0-8])")
            + ")";
    static final String HOST_NAME =
        "(?![0-9.]+:)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]*[A-Za-z0-9])*";
  }

  /** Parses texts of other kinds. */
  static final class Texts {

    private static final Set<String> DETOURS = Set.of("", ".", "..");

    private Texts() {}

    /** A text that goes on the kernel command line. */
    static Parsed<String> oneLine(String text) {
      String stripped = text.strip();
      return stripped.chars().noneMatch(Character::isISOControl)
          ? Parsed.value(stripped)
          : Parsed.wrong(
              BAD_TEXT,
              "a kernel command line is a single line without control characters",
              "to write it on several, start it with \">-\", which joins them");
    }

    /** The value of a kernel parameter. Columns may be apart by tabs. */
    static Parsed<String> sysctlValue(String text) {
      return text.chars().noneMatch(it -> Character.isISOControl(it) && it != '\t')
          ? Parsed.value(text)
          : Parsed.wrong(
              BAD_TEXT,
              "the value of a kernel parameter is a single line without control characters");
    }

    /** A regular expression of {@link Pattern}, found anywhere in what the console says. */
    static Parsed<Pattern> regex(String text) {
      try {
        return Parsed.value(Pattern.compile(text, Pattern.MULTILINE));
      } catch (PatternSyntaxException e) {
        return Parsed.wrong(
            BAD_REGEX,
            Quote.of(text) + " is not a regular expression: " + reason(e),
            "put a backslash before ( ) [ ] { } . * + ? ^ $ | to mean the character itself");
      } catch (StackOverflowError e) {
        // Pattern.compile is recursive; a few thousand opening brackets are enough.
        return Parsed.wrong(BAD_REGEX, "the regular expression is nested too deep");
      }
    }

    private static String reason(PatternSyntaxException e) {
      String description = e.getDescription();
      return description.isEmpty()
          ? "it does not compile"
          : Character.toLowerCase(description.charAt(0)) + description.substring(1);
    }

    /** An absolute path in the guest, without detours. */
    static Parsed<String> guestPath(String text) {
      if (!text.startsWith("/")) {
        return Parsed.wrong(
            BAD_PATH,
            Quote.of(text) + " is not an absolute path in the guest",
            "did you mean \"/" + text + "\"? The guest's path comes first, the host's second");
      }
      if (text.chars().anyMatch(Character::isISOControl)) {
        return Parsed.wrong(BAD_PATH, Quote.of(text) + " has a control character in it");
      }
      boolean direct = Stream.of(text.substring(1).split("/", -1)).noneMatch(DETOURS::contains);
      return direct
          ? Parsed.value(text)
          : Parsed.wrong(
              BAD_PATH,
              Quote.of(text) + " cannot be a file of the guest",
              "such as /etc/motd, without \".\", \"..\" or a \"/\" too many");
    }
  }
}
