package dev.topology.language.document;

import dev.topology.language.value.ValueType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topology file, as written. Its parts are bound one by one; here they stand only for their
 * places.
 */
public record TopologyDocument(
    @Key(
            value =
                "Names the running instance on this host. A DNS label: lower-case letters, "
                    + "digits and inner hyphens, 63 at most.",
            example = "lab",
            without = "the file's base name",
            type = ValueType.TOPOLOGY_NAME)
        @Nullable String name,
    @Key(
            value = "Keys that go under every node. A node and its group win over them.",
            example = "{memory: 256MiB}",
            never = "count")
        @Nullable NodeDocument defaults,
    @Key(
            value =
                "Keys to share between nodes, by the name of the group. They go under each "
                    + "node that says `group: NAME`, above `defaults`.",
            example = "{routers: {forward: true}}",
            never = {"group", "count"})
        @Nullable Map<String, @Nullable NodeDocument> groups,
    @Key(
            value =
                "The microVMs, by name. The order in the file is the order everywhere: of the "
                    + "launch, of colours, of listings.",
            example = "{left: {}, right: {}}",
            required = true,
            keys = ValueType.NODE_NAME)
        @Nullable Map<String, @Nullable NodeDocument> nodes,
    @Key(
            value =
                "Ethernet segments of any number of ends, by name. A list of ends is short for a "
                    + "switch and a cable to each of them.",
            example = "{office: [a, b, \"c:eth2\"]}",
            keys = ValueType.SWITCH_NAME)
        @Nullable Map<String, @Nullable SwitchDocument> switches,
    @Key(
            value = "Point-to-point Ethernet between the interfaces of nodes, and switches.",
            example = "[[left, right]]")
        @Nullable List<@Nullable CableDocument> cables,
    @Key(
            value =
                "Which nodes go together where the topology is divided over several machines. A "
                    + "run on one machine does not heed it.",
            example = "{machines: 4, apart: [[left, right]]}")
        @Nullable PlacementDocument placement,
    @Key(
            value = "What `topology test` asserts about the network. A run does not heed them.",
            example = "[{name: it answers, steps: [{node: left, run: ping -c 1 right}]}]")
        @Nullable List<@Nullable TestDocument> tests) {
  // Bean Validation takes the hash of the whole document for each violation it finds in it.
  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean equals(@Nullable Object other) {
    return this == other;
  }
}
