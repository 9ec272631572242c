package dev.topology.language.document;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One end of a cable, as written. */
// Null until judged, never null after: both annotations are true.
@SuppressWarnings("MultipleNullnessAnnotations")
public record EndDocument(
    @Key(value = "The node the cable is plugged into.", example = "left", required = true) @NotNull
        @Nullable String node,
    @Key(
            value = "The name of the interface in the guest: 1 to 15 characters.",
            example = "eth1",
            without = "the next free one: eth1, eth2, …")
        @JsonProperty("interface")
        @Form(Syntax.INTERFACE_NAME)
        @Nullable String interfaceName,
    @Key(
            value =
                "The address of the interface with its prefix length, a list of them, or "
                    + "`none`.",
            example = "10.0.3.1/24",
            without = "one of the cable's pair out of 10.64.0.0/10")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<@Form(Syntax.CABLE_ADDRESS) @Nullable String> address,
    @Key(
            value = "The MAC address of the interface.",
            example = "02:00:00:00:00:01",
            without = "derived from topology, node and interface, the same every time")
        @Form(Syntax.MAC_ADDRESS)
        @Nullable String mac) {}
