package dev.topology.language.document;

import dev.topology.language.value.Addresses.EndAddress;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.ValueType;
import dev.topology.model.BitRate;
import dev.topology.model.CableEnd.Outside.Peer;
import dev.topology.model.MacAddress;
import dev.topology.model.Memory;
import dev.topology.model.Share;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cable, or a pattern of cables, as written in its long form, to which the loader brings the
 * short ones. It has either ends or one of the patterns, which the loader sees to.
 */
@Key.Alternatives(
    value = {"ends", "line", "ring", "mesh", "star"},
    required = true)
public record CableDocument(
    @Key(
            value =
                "Names the cable; unique in the topology. The cables of a pattern add their number: "
                    + "`uplink-1`, `uplink-2`.",
            example = "uplink",
            without = "its ends, as in `left:eth1--right:eth1`",
            type = ValueType.CABLE_NAME)
        @Nullable String name,
    @Key(
            value =
                "Exactly two ends: `left`, `left:eth1`, or a map. Both may be on one node; one may "
                    + "lead out of the topology.",
            example = "[left, right]",
            without = "required, unless it is a pattern")
        @Size(min = 2, max = 2)
        @Nullable List<@Valid @Nullable EndDocument> ends,
    @Key(
            value =
                "A pattern instead of `ends`: a cable from each node to the next. `worker-*` "
                    + "stands for all copies of the node `worker`.",
            example = "[a, b, c]",
            distinct = true)
        @Nullable List<@Nullable String> line,
    @Key(
            value =
                "A pattern instead of `ends`: a cable from each node to the next, and from the "
                    + "last to the first. 3 nodes or more.",
            example = "[a, b, c]",
            distinct = true)
        @Nullable List<@Nullable String> ring,
    @Key(
            value = "A pattern instead of `ends`: a cable from each node to every other.",
            example = "[a, b, c]",
            distinct = true)
        @Nullable List<@Nullable String> mesh,
    @Key(
            value = "A pattern instead of `ends`: a cable from the hub to each of the leaves.",
            example = "{hub: a, leaves: [b, c]}")
        @Valid
        @Nullable StarDocument star,
    @Key(
            value =
                "`none` leaves both ends without an address. An address of its own is given to "
                    + "an end.",
            example = "none",
            without = "a pair out of 10.64.0.0/10, the same every time",
            type = ValueType.NO_ADDRESS)
        @Nullable String address,
    @Key(
            value =
                "The longest packet in bytes, in the devices of both ends. The guests take it from "
                    + "there.",
            example = "9000",
            byDefault = "1500")
        @Min(68)
        @Max(65535)
        @Nullable Integer mtu,
    @Key(
            value =
                "A file on the host that all packets of the cable are captured to, for "
                    + "Wireshark and tcpdump. The cables of a pattern add their number: "
                    + "`uplink-1.pcap`.",
            example = "uplink.pcap",
            type = ValueType.HOST_PATH)
        @Nullable HostPath capture,
    @Key(
            value = "How long each packet takes. Puts a shaper into the cable.",
            example = "20ms",
            type = ValueType.DELAY)
        @Nullable Duration delay,
    @Key(
            value =
                "By how much the delay varies, at most the delay; packets keep their order. Puts a "
                    + "shaper into the cable.",
            example = "2ms",
            type = ValueType.DELAY)
        @Nullable Duration jitter,
    @Key(
            value = "How many packets are lost. Puts a shaper into the cable.",
            example = "0.5%",
            type = ValueType.SHARE)
        @Nullable Share loss,
    @Key(
            value = "How many packets arrive twice. Puts a shaper into the cable.",
            example = "0.1%",
            type = ValueType.SHARE)
        @Nullable Share duplicate,
    @Key(
            value = "How many packets arrive with a wrong bit. Puts a shaper into the cable.",
            example = "0.01%",
            type = ValueType.SHARE)
        @Nullable Share corrupt,
    @Key(
            value =
                "How many packets travel without the `delay`, and so overtake those before them. "
                    + "Puts a shaper into the cable.",
            example = "1%",
            type = ValueType.SHARE)
        @Nullable Share reorder,
    @Key(
            value = "How many bits pass in a second. Puts a shaper into the cable.",
            example = "10Mbit",
            type = ValueType.RATE)
        @Nullable BitRate rate,
    @Key(
            value =
                "How many bytes may wait for their turn in each direction where there is a "
                    + "`rate`; what comes then is dropped.",
            example = "256KiB",
            without = "what the rate carries in a tenth of a second, at least 64KiB",
            type = ValueType.QUEUE)
        @Nullable Memory queue,
    @Key(
            value =
                "Whether a shaper is put into the cable even if nothing is to be shaped yet, "
                    + "to do so while it runs.",
            example = "true",
            without = "true if another key puts one into it")
        @Nullable Boolean shaped,
    @Key(
            value =
                "The seed of the shaper's random decisions. They are the same in every run; change it for "
                    + "another sequence.",
            example = "1",
            without = "a number made of the names of the topology and the cable")
        @Min(0)
        @Nullable Integer seed)
    implements ShapingKeys {

  /** One end of a cable, as written. */
  @Key.Alternatives(
      value = {"node", "host", "udp"},
      required = true)
  public record EndDocument(
      @Key(
              value = "The node or switch the cable is plugged into.",
              example = "left",
              without = "required, unless the end leads out")
          @Nullable String node,
      @Key(
              value =
                  "A tap of the host, instead of `node`: the cable leads out of the topology. The tap "
                      + "has to be there, be up, and be yours: `sudo ip tuntap add dev tap0 mode tap "
                      + "user $USER && sudo ip link set tap0 up`.",
              example = "tap0",
              type = ValueType.INTERFACE_NAME)
          @Nullable String host,
      @Key(
              value =
                  "An address and port instead of `node`: the cable leads out of the topology, to "
                      + "whatever takes Ethernet frames there over UDP, one a datagram. That may be "
                      + "the `udp` end of another topology. Frames are **not encrypted**; datagrams "
                      + "from elsewhere are dropped.",
              example = "192.0.2.7:5001",
              type = ValueType.UDP_PEER)
          @Nullable Peer udp,
      @Key(
              value = "The UDP port of this host at which frames come in from `udp`.",
              example = "5001",
              without = "the same port as that of `udp`")
          @Min(1)
          @Max(65535)
          @Nullable Integer listen,
      @Key(
              name = "interface",
              value = "The name of the interface in the guest: 1 to 15 characters.",
              example = "eth1",
              without = "the next free one: eth1, eth2, …",
              type = ValueType.INTERFACE_NAME)
          @Nullable String interfaceName,
      @Key(
              value =
                  "The address of the interface with its prefix length, a list of them, `none`, or "
                      + "`dhcp`: the guest asks there for one.",
              example = "10.0.3.1/24",
              without = "one of the cable's pair out of 10.64.0.0/10",
              type = ValueType.END_ADDRESS,
              single = true)
          @Nullable List<@Nullable EndAddress> address,
      @Key(
              value = "The MAC address of the interface.",
              example = "02:00:00:00:00:01",
              without = "derived from topology, node and interface, the same every time",
              type = ValueType.MAC_ADDRESS)
          @Nullable MacAddress mac,
      @Key(
              value = "The longest packet in bytes that this end's interface takes.",
              example = "1400",
              without = "the cable's")
          @Min(68)
          @Max(65535)
          @Nullable Integer mtu) {

    /** The same end, at another node. */
    public EndDocument of(String other) {
      return new EndDocument(other, host, udp, listen, interfaceName, address, mac, mtu);
    }

    /** An end that names a node or switch and says nothing else. */
    public static EndDocument at(String node) {
      return new EndDocument(node, null, null, null, null, null, null, null);
    }
  }

  /** A pattern of cables that has one node in its middle, as written. */
  public record StarDocument(
      @Key(value = "The node in the middle.", example = "a", required = true) @Nullable String hub,
      @Key(
              value = "The nodes around it; `worker-*` stands for all copies of the node `worker`.",
              example = "[b, c]",
              distinct = true,
              required = true)
          @Nullable List<@Nullable String> leaves) {}
}
