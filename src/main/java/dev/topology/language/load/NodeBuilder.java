package dev.topology.language.load;

import dev.topology.language.load.Written.CallSites;
import dev.topology.language.load.Written.WrittenMapping;
import dev.topology.language.load.Written.WrittenSequence;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.model.IpAddress;
import dev.topology.model.Memory;
import dev.topology.model.Node;
import dev.topology.model.Pc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The keys of a node, a group or the defaults of a {@link TopologyBuilder}. Those that take a text
 * take what a file may say; nothing is judged before the topology is built. Not safe for use by
 * several threads.
 */
public final class NodeBuilder {

  private final CallSites sites;
  private final WrittenMapping keys;

  NodeBuilder(CallSites sites) {
    this.sites = sites;
    this.keys = new WrittenMapping(sites);
  }

  WrittenMapping written() {
    return keys;
  }

  /**
   * The guest image: kernel, initramfs, kernel command line, how it says it is ready.
   *
   * @param name of an image; {@code none} to boot the kernel alone
   */
  public NodeBuilder image(String name) {
    keys.text("image", name);
    return this;
  }

  /** A guest image in a directory of the host. */
  public NodeBuilder image(Path directory) {
    keys.path("image", directory);
    return this;
  }

  /** A Linux bzImage or ELF, in place of the image's. */
  public NodeBuilder kernel(Path file) {
    keys.path("kernel", file);
    return this;
  }

  /** An initramfs, in place of the image's. */
  public NodeBuilder initramfs(Path file) {
    keys.path("initramfs", file);
    return this;
  }

  /** What to add after the planner's own kernel command line. */
  public NodeBuilder cmdline(String arguments) {
    keys.text("cmdline", arguments);
    return this;
  }

  /**
   * The guest's RAM.
   *
   * @param size as in a file: {@code 96MiB}, {@code 1GiB}
   */
  public NodeBuilder memory(String size) {
    keys.text("memory", size);
    return this;
  }

  /** The guest's RAM. */
  public NodeBuilder memory(Memory size) {
    return memory(size.toString());
  }

  /**
   * How many virtual CPUs it has.
   *
   * @param count 1 or more
   */
  public NodeBuilder cpus(int count) {
    keys.plain("cpus", count);
    return this;
  }

  /**
   * What QEMU emulates.
   *
   * @param type {@code microvm} or {@code q35}
   */
  public NodeBuilder machine(String type) {
    keys.text("machine", type);
    return this;
  }

  /**
   * What its machine starts with.
   *
   * @param way {@code direct} or {@code firmware}
   */
  public NodeBuilder boot(String way) {
    keys.text("boot", way);
    return this;
  }

  /** What looks for an operating system on its disk, where it boots from that. */
  public NodeBuilder firmware(Pc.Firmware firmware) {
    keys.text("firmware", firmware.toString());
    return this;
  }

  /** The kind of its network cards, where it boots from its disk. */
  public NodeBuilder nic(Pc.Card card) {
    keys.text("nic", card.toString());
    return this;
  }

  /** Lets the keys of a file in by ssh, where it boots from its disk and has cloud-init. */
  public NodeBuilder sshKey(Path publicKeys) {
    cloudInit().sequence("ssh_keys").addTexts(publicKeys.toAbsolutePath().toString());
    return this;
  }

  /** Gives cloud-init in its system a user-data file. */
  public NodeBuilder userData(Path file) {
    cloudInit().path("user_data", file);
    return this;
  }

  private WrittenMapping cloudInit() {
    return keys.mapping("cloud_init");
  }

  /**
   * Makes several nodes of this one, {@code worker-1} to {@code worker-8}, which lists of nodes
   * call {@code worker-*}.
   *
   * @param count 1 or more
   */
  public NodeBuilder count(int count) {
    keys.plain("count", count);
    return this;
  }

  /** What executes the guest's instructions. */
  public NodeBuilder accel(Accelerator accelerator) {
    keys.text("accel", accelerator.toString());
    return this;
  }

  /** What its guest's programs are made for; by default the host's. */
  public NodeBuilder arch(Architecture architecture) {
    keys.text("arch", architecture.toString());
    return this;
  }

  /**
   * Whether the first interface is the user-mode host network, through which ports and services go
   * and nothing else.
   */
  public NodeBuilder hostNetwork(boolean wanted) {
    keys.plain("host_network", wanted);
    return this;
  }

  /**
   * Whether the guest reaches the host's loopback, and every network that the host reaches, through
   * the user-mode host network, which becomes its first interface.
   */
  public NodeBuilder outside(boolean wanted) {
    keys.mapping("host_network").plain("outside", wanted);
    return this;
  }

  /** Forwards a free TCP port of 127.0.0.1 to a port of the guest. */
  public NodeBuilder port(int guestPort) {
    return port(String.valueOf(guestPort), "auto");
  }

  /** Forwards a TCP port of 127.0.0.1 to a port of the guest. */
  public NodeBuilder port(int guestPort, int hostPort) {
    return port(String.valueOf(guestPort), String.valueOf(hostPort));
  }

  /**
   * Forwards a port of the host to a port of the guest.
   *
   * @param guestPort {@code 22}, {@code 53/udp}
   * @param hostPort {@code auto}, {@code same}, {@code 8080}, {@code 0.0.0.0:8080}, {@code
   *     [::1]:8080}
   */
  public NodeBuilder port(String guestPort, String hostPort) {
    keys.mapping("ports").text(guestPort, hostPort);
    return this;
  }

  /**
   * Adds a service of the host that the guest can reach.
   *
   * @param guestAddress where the guest finds it, in 10.42.0.0/24: {@code 10.42.0.100:5000}
   * @param hostAddress where it is on the host: {@code 127.0.0.1:5000}, {@code [::1]:5000}, {@code
   *     unix:app.sock}
   */
  public NodeBuilder service(String guestAddress, String hostAddress) {
    keys.mapping("services").text(guestAddress, hostAddress);
    return this;
  }

  /**
   * Adds a service of the host that the guest can reach.
   *
   * @param guestAddress where the guest finds it, in 10.42.0.0/24: {@code 10.42.0.100:5000}
   * @param hostAddress where it is on the host, such as the local address of a server socket; the
   *     unspecified address means 127.0.0.1
   */
  public NodeBuilder service(String guestAddress, InetSocketAddress hostAddress) {
    return service(guestAddress, host(hostAddress) + ":" + hostAddress.getPort());
  }

  /** Adds bidirectional serial ports, {@code /dev/virtio-ports/NAME} in the guest. */
  public NodeBuilder channels(String... names) {
    return list("channels", names);
  }

  /**
   * Adds a file or directory that the guest finds in its initramfs, modes kept.
   *
   * @param guestPath absolute
   */
  public NodeBuilder file(String guestPath, Path hostPath) {
    keys.mapping("files").path(guestPath, hostPath);
    return this;
  }

  /**
   * Adds a directory of the host that the guest has live, and can only read.
   *
   * @param guestPath absolute
   */
  public NodeBuilder share(String guestPath, Path hostPath) {
    keys.mapping("shares").path(guestPath, hostPath);
    return this;
  }

  /**
   * Adds a directory of the host that the guest has live, and may change.
   *
   * @param guestPath absolute
   */
  public NodeBuilder writableShare(String guestPath, Path hostPath) {
    WrittenMapping share = keys.mapping("shares").mapping(guestPath);
    share.path("host", hostPath);
    share.plain("write", true);
    return this;
  }

  /** Adds a disk: an image on the host, raw or qcow2, which the guest's writes do not change. */
  public NodeBuilder disk(Path file) {
    return disk(disk -> disk.file(file));
  }

  /** Adds a disk. */
  public NodeBuilder disk(Consumer<DiskBuilder> disk) {
    WrittenMapping written = new WrittenMapping(sites);
    disk.accept(new DiskBuilder(written));
    keys.sequence("disks").add(written);
    return this;
  }

  /** What the guest runs once its interfaces are up: a script for {@code sh}. */
  public NodeBuilder command(String script) {
    keys.text("command", script);
    return this;
  }

  /** What the guest runs once its interfaces are up: a program and its arguments. */
  public NodeBuilder command(List<String> programAndArguments) {
    keys.texts("command", programAndArguments);
    return this;
  }

  /** Adds a command that is run once before the node counts as ready: a script for {@code sh}. */
  public NodeBuilder exec(String script) {
    keys.sequence("exec").addText(script);
    return this;
  }

  /** Adds a command that is run once before the node counts as ready: a program with arguments. */
  public NodeBuilder exec(List<String> programAndArguments) {
    WrittenSequence words = new WrittenSequence(sites);
    programAndArguments.forEach(words::addText);
    keys.sequence("exec").add(words);
    return this;
  }

  /** Adds an environment variable of the command, of shells and of {@code exec}. */
  public NodeBuilder env(String name, String value) {
    keys.mapping("env").text(name, value);
    return this;
  }

  /** When dependants may start. */
  public NodeBuilder ready(Consumer<ReadyBuilder> condition) {
    ReadyBuilder ready = new ReadyBuilder(keys.mapping("ready"));
    condition.accept(ready);
    return this;
  }

  /**
   * Adds a static route.
   *
   * @param destination a network such as {@code 10.0.4.0/24}, or {@code default}
   * @param gateway the address of the next hop
   */
  public NodeBuilder route(String destination, String gateway) {
    keys.mapping("routes").text(destination, gateway);
    return this;
  }

  /** Has the guest forward packets between its interfaces. */
  public NodeBuilder forward() {
    return forward(true);
  }

  /** Whether the guest forwards packets between its interfaces. */
  public NodeBuilder forward(boolean wanted) {
    keys.plain("forward", wanted);
    return this;
  }

  /** Adds kernel modules that are loaded before parameters are set and interfaces come up. */
  public NodeBuilder modules(String... names) {
    return list("modules", names);
  }

  /**
   * Adds a kernel parameter that is set before the interfaces come up.
   *
   * @param name as of sysctl(8): {@code net.ipv4.tcp_syncookies}
   */
  public NodeBuilder sysctl(String name, String value) {
    keys.mapping("sysctls").text(name, value);
    return this;
  }

  /** Adds nodes that must be ready before this one starts. */
  public NodeBuilder dependsOn(String... nodes) {
    return list("depends_on", nodes);
  }

  /** What a clean exit means. */
  public NodeBuilder onExit(Node.OnExit meaning) {
    keys.text("on_exit", meaning.toString());
    return this;
  }

  /** The group whose keys go under those of this node. */
  public NodeBuilder group(String name) {
    keys.text("group", name);
    return this;
  }

  /** Adds to the end of QEMU's argument list, verbatim. */
  public NodeBuilder qemuArgs(String... arguments) {
    return list("qemu_args", arguments);
  }

  /** An empty list replaces that of the group or the defaults. */
  private NodeBuilder list(String key, String... items) {
    keys.sequence(key).addTexts(items);
    return this;
  }

  private static String host(InetSocketAddress address) {
    InetAddress inet = address.getAddress();
    if (inet == null) {
      return address.getHostString();
    }
    IpAddress ip = inet.isAnyLocalAddress() ? IpAddress.LOOPBACK : new IpAddress(inet);
    return ip.beforePort();
  }
}
