package dev.topology.plan.guest;

import dev.topology.model.Command;
import dev.topology.model.Disk;
import dev.topology.model.Endpoint;
import dev.topology.model.GuestService;
import dev.topology.model.InterfaceAddress;
import dev.topology.model.MacAddress;
import dev.topology.model.Node;
import dev.topology.model.Node.HostNetwork;
import dev.topology.model.SharedDirectory;
import dev.topology.plan.guest.Greetings.PeerDirectory;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who a guest is, as lines over its control port: its host name, its interfaces, the addresses of
 * the other nodes, its routes and what it runs.
 *
 * <pre>{@code
 * hostname left
 * module br_netfilter
 * sysctl net/ipv4/tcp_syncookies 0
 * interface eth0 02:72:82:bf:c3:56 dhcp
 * interface eth1 02:5e:10:00:00:01 10.64.0.0/31
 * peer right 10.64.0.1
 * route 10.0.4.0/24 10.64.0.1
 * unreachable 10.64.0.0/30
 * forward
 * disk data rw /var/lib/data
 * share virtiofs share0 ro /src
 * env LANG C.UTF-8
 * service 10.42.0.100
 * command ping -c 3 right
 * }</pre>
 *
 * <p>A command of several lines is sent as several {@code command} lines, each of which adds a line
 * to the script, blanks at its start included; the value of a variable likewise. A container is
 * told {@code container} before its disks, later {@code argument} for each word of its command, if
 * that is not the image's, and {@code continued} for each further line of a word. What belongs to
 * the moment of the start is in {@link Moment}. A clone is told {@code renew} first, and of each
 * interface after all else the address that it gets instead of the one it was saved with.
 * Immutable.
 */
public final class Greeting {

  /** The name the guest gives to its first interface where that is the host network. */
  public static final String HOST_INTERFACE = "eth0";

  /** The MAC address of every node's host interface; each is alone on its network. */
  public static final MacAddress HOST_MAC = new MacAddress("02:72:82:bf:c3:56");

  private static final String INTERFACE = "interface ";

  private final Node node;
  private final List<GuestService> services;
  private final Optional<ShareFileSystem> shares;
  private final PeerDirectory directory;
  private final List<InterfaceAddress> cableNetworks;

  Greeting(
      Node node,
      List<GuestService> services,
      Optional<ShareFileSystem> shares,
      PeerDirectory directory,
      List<InterfaceAddress> cableNetworks) {
    this.node = node;
    this.services = services;
    this.shares = shares;
    this.directory = directory;
    this.cableNetworks = cableNetworks;
  }

  /** The same for a guest that has cloud-init in place of an init that listens to these lines. */
  public CloudInit cloudInit() {
    return new CloudInit(node, directory);
  }

  /** The lines, without line ends. Made anew at each call. */
  public List<String> lines() {
    return lines(/* ofOthers= */ true);
  }

  /** Those that say nothing of other nodes, nor of cables that are not the node's. */
  public List<String> ownLines() {
    return lines(/* ofOthers= */ false);
  }

  private List<String> lines(boolean ofOthers) {
    List<String> lines = new ArrayList<>();
    lines.add("hostname " + node.name());
    node.modules().forEach(name -> lines.add("module " + name));
    node.sysctls().forEach((path, value) -> lines.add("sysctl " + path + " " + value));
    interfaces().forEach(lines::add);
    if (ofOthers) {
      directory.linesFor(node.name()).forEach(lines::add);
    }
    node.routes()
        .forEach(route -> lines.add("route " + route.destination() + " " + route.gateway()));
    if (ofOthers && node.hostNetwork().stream().anyMatch(HostNetwork::outside)) {
      cableNetworks.forEach(network -> lines.add("unreachable " + network));
    }
    if (node.forwarding()) {
      lines.add("forward");
    }
    node.environment().forEach((name, value) -> variable(name, value).forEach(lines::add));
    services.stream()
        .map(service -> "service " + service.guestAddress())
        .distinct()
        .forEach(lines::add);
    boolean isContainer = node.boot().container().isPresent();
    if (isContainer) {
      lines.add("container");
    }
    node.disks().forEach(disk -> mount(disk).forEach(lines::add));
    shares.ifPresent(by -> node.shares().forEach(share -> lines.add(shareLine(by, share))));
    if (isContainer) {
      node.command().map(Command::arguments).ifPresent(all -> addArguments(all, lines));
    } else {
      node.command()
          .ifPresent(command -> command.script().forEach(line -> lines.add("command " + line)));
    }
    return List.copyOf(lines);
  }

  /**
   * The lines for a guest that goes on from where another was saved, whose clock and random numbers
   * it has.
   *
   * @param saved the addresses of its network cards, in their order
   */
  public List<String> linesForClone(Moment moment, List<MacAddress> saved) {
    List<String> lines = new ArrayList<>(List.of(moment.renewal()));
    Iterator<MacAddress> cards = saved.iterator();
    for (String line : lines()) {
      lines.add(line.startsWith(INTERFACE) ? renumbered(line, cards.next()) : line);
    }
    return lines;
  }

  private static String renumbered(String line, MacAddress saved) {
    String[] words = line.split(" ", -1);
    return words[2].equals(saved.toString())
        ? line
        : INTERFACE + words[1] + " " + saved + " " + words[3] + " " + words[2];
  }

  private static Stream<String> mount(Disk disk) {
    boolean readOnly = disk.source().file().filter(it -> it.mode() == Disk.Mode.READ).isPresent();
    return disk.mount().stream()
        .map(path -> "disk " + disk.name() + (readOnly ? " ro " : " rw ") + path);
  }

  /** The tag is also in QEMU's arguments. */
  private String shareLine(ShareFileSystem fileSystem, SharedDirectory share) {
    String tag = "share" + node.shares().indexOf(share);
    return String.join(
        " ",
        "share",
        fileSystem.toString(),
        tag,
        share.writable() ? "rw" : "ro",
        share.guestPath());
  }

  private static Stream<String> variable(String name, String value) {
    return Stream.of(value.split("\n", -1)).map(line -> "env " + name + " " + line);
  }

  private static void addArguments(List<String> arguments, List<String> lines) {
    for (String argument : arguments) {
      String[] parts = argument.split("\n", -1);
      lines.add("argument " + parts[0]);
      Stream.of(parts).skip(1).forEach(part -> lines.add("continued " + part));
    }
  }

  private Stream<String> interfaces() {
    Stream<String> host =
        node.hostNetwork().isPresent()
            ? Stream.of(INTERFACE + HOST_INTERFACE + " " + HOST_MAC + " dhcp")
            : Stream.empty();
    return Stream.concat(
        host, directory.endpointsOf(node.name()).stream().map(Greeting::interfaceLine));
  }

  private static String interfaceLine(Endpoint end) {
    List<String> words = end.addressWords();
    String how = words.isEmpty() ? "none" : String.join(",", words);
    return INTERFACE + end.interfaceName() + " " + end.mac() + " " + how;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Greeting that
        && node.equals(that.node)
        && services.equals(that.services)
        && shares.equals(that.shares)
        && directory.equals(that.directory);
  }

  @Override
  public int hashCode() {
    return node.hashCode();
  }

  @Override
  public String toString() {
    return "greeting of " + node.name();
  }

  /**
   * What a guest is told at its start only: the time and a random seed. Follows its {@link
   * Greeting}; {@link #GO} ends both.
   *
   * @param clock the time it is
   * @param seedHex fresh random bytes for the guest's own random numbers, as hexadecimal digits
   */
  public record Moment(Instant clock, String seedHex) {

    /** The last line: the guest acts on all that it was told. */
    public static final String GO = "go";

    private static final int MILLI_DIGITS = 3;

    /** A moment with those random bytes. */
    public static Moment of(Instant clock, byte[] seed) {
      return new Moment(clock, HexFormat.of().formatHex(seed));
    }

    /** The lines, without line ends: {@code clock 1763850000.250}. */
    public List<String> lines() {
      return List.of("clock " + seconds(), "seed " + seedHex);
    }

    /** The one line that a clone is told of it: {@code renew 1763850000 250 0A1B…}. */
    String renewal() {
      return "renew " + seconds().replace('.', ' ') + " " + seedHex;
    }

    /** Seconds since 1970 with three decimals. */
    private String seconds() {
      return BigDecimal.valueOf(clock.toEpochMilli(), MILLI_DIGITS).toPlainString();
    }
  }
}
