package dev.topology.language.document;

/**
 * Regular expressions that ECMAScript, with its flag {@code u}, and Java read alike, for those who
 * can do no more than match: editors. The loader looks closer. Each stands for a whole text.
 */
final class Patterns {

  static final String ANY = "[\\s\\S]*";
  static final String NOT_BLANK = "[\\s\\S]*\\S[\\s\\S]*";

  static final String DNS_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  static final String WORD = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
  static final String CHANNEL = "(?!topology\\.|org\\.qemu\\.)" + WORD;
  static final String INTERFACE = "(?!(lo|\\.|\\.\\.)$)[!-.0-9;-~]{1,15}";
  static final String IMAGE = "[a-z0-9][a-z0-9._-]{0,62}|[.~]" + ANY + "|" + ANY + "/" + ANY;

  static final String SIZE = "[1-9][0-9]{0,11}(KiB|MiB|GiB|TiB)";
  static final String DURATION = "([0-9]{1,9}(\\.[0-9]{1,9})?(us|ms|s|m|h))+";
  static final String SHARE = "(0{0,6}100(\\.0{1,7})?|0{0,7}[0-9]{1,2}(\\.[0-9]{1,7})?)%";
  static final String RATE = "[0-9]{1,12}(\\.[0-9]{1,9})?(bit|kbit|Mbit|Gbit)";

  static final String PORT =
      "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  static final String V4 = OCTET + "(\\." + OCTET + "){3}";
  static final String V6 = "[0-9a-fA-F:]*:[0-9a-fA-F:.]*";
  static final String IP = "(" + V4 + "|" + V6 + ")";
  static final String PREFIXED =
      "("
          + (V4 + "/(0{0,2}[0-9]|0?[12][0-9]|0?3[0-2])|")
          + (V6 + "/(0{0,2}[0-9]|0?[1-9][0-9]|1[01][0-9]|12[0-8])")
          + ")";

  static final String GUEST_PORT = PORT + "(/(tcp|udp))?";
  static final String HOST_PORT = "((" + V4 + "|\\[" + V6 + "\\]):)?(auto|same|" + PORT + ")";

  /** Not the network itself, the host, the name server, the guest, or the broadcast address. */
  static final String SERVICE_ADDRESS = "10\\.42\\.0\\.(?!(0|2|3|10|255):)" + OCTET + ":" + PORT;

  private static final String HOST_NAME =
      "(?![0-9.]+:)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]*[A-Za-z0-9])*";
  static final String SERVICE_TARGET =
      "(unix:" + NOT_BLANK + "|(" + V4 + "|\\[" + V6 + "\\]|" + HOST_NAME + "):" + PORT + ")";

  /** The last bit of the first pair makes an address one of many stations. */
  static final String MAC = "[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}";

  /** Absolute, and no part of it empty or made of one or two dots. */
  static final String GUEST_PATH = "(/(?!\\.{0,2}(/|$))[^/]+)+";

  static final String ONE_LINE = "\\s*[^\\x00-\\x1f\\x7f-\\x9f]*\\s*";

  private Patterns() {}
}
