package dev.topology.language.load;

import dev.topology.language.load.Written.CallSites;
import dev.topology.language.load.Written.WrittenMapping;
import dev.topology.model.MacAddress;
import dev.topology.model.ShapingSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The keys of a cable of a {@link TopologyBuilder}, which has exactly two ends, or of a pattern of
 * cables. Not safe for use by several threads.
 */
public final class CableBuilder {

  private final CallSites sites;
  private final WrittenMapping keys;

  CableBuilder(CallSites sites) {
    this.sites = sites;
    this.keys = new WrittenMapping(sites);
  }

  WrittenMapping written() {
    return keys;
  }

  /**
   * Adds an end.
   *
   * @param node the node and perhaps its interface, {@code left} or {@code left:eth2}; without one,
   *     the cable takes the next that is free
   */
  public CableBuilder end(String node) {
    keys.sequence("ends").addText(node);
    return this;
  }

  /**
   * Adds an end.
   *
   * @param interfaceName as the guest calls it: {@code eth2}
   * @param addresses with their prefix lengths, {@code 10.0.3.1/24}; if no end of the cable has
   *     any, each is given one
   */
  public CableBuilder end(String node, String interfaceName, String... addresses) {
    return end(
        node,
        end -> {
          end.interfaceName(interfaceName);
          if (addresses.length > 0) {
            end.address(addresses);
          }
        });
  }

  /** Adds an end. */
  public CableBuilder end(String node, Consumer<EndBuilder> end) {
    WrittenMapping written = new WrittenMapping(sites);
    written.text("node", node);
    end.accept(new EndBuilder(written));
    keys.sequence("ends").add(written);
    return this;
  }

  /**
   * Adds an end that leads out of the topology, to a tap of the host.
   *
   * @param device the name of its interface on the host, {@code tap0}
   */
  public CableBuilder host(String device) {
    WrittenMapping written = new WrittenMapping(sites);
    written.text("host", device);
    keys.sequence("ends").add(written);
    return this;
  }

  /**
   * Adds an end that leads out of the topology over UDP, unencrypted.
   *
   * @param peer where frames go, {@code 192.0.2.7:5001}
   * @param listen the UDP port of this host at which they come in, 1 to 65535
   */
  public CableBuilder udp(String peer, int listen) {
    WrittenMapping written = new WrittenMapping(sites);
    written.text("udp", peer);
    written.plain("listen", listen);
    keys.sequence("ends").add(written);
    return this;
  }

  /**
   * Makes a line of cables: from each node to the next; {@code worker-*} is all copies of a node.
   */
  public CableBuilder line(String... nodes) {
    keys.sequence("line").addTexts(nodes);
    return this;
  }

  /** Makes a ring of cables: a line, and one from its last node to its first. */
  public CableBuilder ring(String... nodes) {
    keys.sequence("ring").addTexts(nodes);
    return this;
  }

  /** Makes a mesh of cables: from each node to every other. */
  public CableBuilder mesh(String... nodes) {
    keys.sequence("mesh").addTexts(nodes);
    return this;
  }

  /** Makes a star of cables: from the hub to each of the leaves. */
  public CableBuilder star(String hub, String... leaves) {
    WrittenMapping star = keys.mapping("star");
    star.text("hub", hub);
    star.sequence("leaves").addTexts(leaves);
    return this;
  }

  /** Leaves the ends without addresses. */
  public CableBuilder noAddress() {
    keys.text("address", "none");
    return this;
  }

  /** The longest packet in bytes at both ends, 68 to 65535. */
  public CableBuilder mtu(int bytes) {
    keys.plain("mtu", bytes);
    return this;
  }

  /** Records every frame into a file, as pcap. */
  public CableBuilder capture(Path file) {
    keys.path("capture", file);
    return this;
  }

  /** Delays every frame. */
  public CableBuilder delay(Duration time) {
    keys.duration(ShapingSetting.DELAY.key(), time);
    return this;
  }

  /** How much the delay varies, at most, in both directions. */
  public CableBuilder jitter(Duration time) {
    keys.duration(ShapingSetting.JITTER.key(), time);
    return this;
  }

  /** Drops a share of the frames, such as {@code 0.5%}. */
  public CableBuilder loss(String share) {
    keys.text(ShapingSetting.LOSS.key(), share);
    return this;
  }

  /** Sends a share of the frames twice, such as {@code 0.5%}. */
  public CableBuilder duplicate(String share) {
    keys.text(ShapingSetting.DUPLICATE.key(), share);
    return this;
  }

  /** Flips a bit in a share of the frames, such as {@code 0.5%}. */
  public CableBuilder corrupt(String share) {
    keys.text(ShapingSetting.CORRUPT.key(), share);
    return this;
  }

  /** Sends a share of the frames without the delay, so that they overtake others: {@code 0.5%}. */
  public CableBuilder reorder(String share) {
    keys.text(ShapingSetting.REORDER.key(), share);
    return this;
  }

  /** Limits the rate, in bits a second: {@code 10Mbit}. */
  public CableBuilder rate(String bits) {
    keys.text(ShapingSetting.RATE.key(), bits);
    return this;
  }

  /** How many bytes may wait for the rate, such as {@code 256KiB}; more are dropped. */
  public CableBuilder queue(String size) {
    keys.text(ShapingSetting.QUEUE.key(), size);
    return this;
  }

  /** Puts a shaper into the cable, even if it has no setting yet. */
  public CableBuilder shaped() {
    keys.plain("shaped", true);
    return this;
  }

  /** The seed of random decisions, 0 or more; without it, one is made of the names. */
  public CableBuilder seed(int number) {
    keys.plain("seed", number);
    return this;
  }

  /** One end of a cable of a {@link TopologyBuilder}. Not safe for use by several threads. */
  public static final class EndBuilder {

    private final WrittenMapping keys;

    EndBuilder(WrittenMapping keys) {
      this.keys = keys;
    }

    /** The interface as the guest calls it, {@code eth2}; without one, the next that is free. */
    public EndBuilder interfaceName(String name) {
      keys.text("interface", name);
      return this;
    }

    /** Adds addresses with their prefix lengths: {@code 10.0.3.1/24}, {@code fd00:3::2/64}. */
    public EndBuilder address(String... addresses) {
      keys.sequence("address").addTexts(addresses);
      return this;
    }

    /** Leaves this end without an address. */
    public EndBuilder noAddress() {
      keys.text("address", "none");
      return this;
    }

    /** Has the guest ask there for an address. */
    public EndBuilder dhcp() {
      keys.text("address", "dhcp");
      return this;
    }

    /** The longest packet in bytes that the interface takes, 68 to 65535. */
    public EndBuilder mtu(int bytes) {
      keys.plain("mtu", bytes);
      return this;
    }

    /** The interface's MAC address, {@code 02:00:00:00:00:01}; without one, it is derived. */
    public EndBuilder mac(String address) {
      keys.text("mac", address);
      return this;
    }

    /** The interface's MAC address; without one, it is derived. */
    public EndBuilder mac(MacAddress address) {
      return mac(address.toString());
    }
  }
}
