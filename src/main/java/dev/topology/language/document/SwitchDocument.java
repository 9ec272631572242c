package dev.topology.language.document;

import dev.topology.language.document.CableDocument.EndDocument;
import dev.topology.language.value.ValueType;
import dev.topology.model.InterfaceAddress;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A switch, as written in its long form, to which the loader brings the short one. */
public record SwitchDocument(
    @Key(
            value =
                "What is plugged in, each written as the end of a cable; `worker-*` stands for all "
                    + "copies of the node `worker`. Each gets a cable. Entries of `cables` may lead "
                    + "to the switch as well.",
            example = "[a, b, \"c:eth2\"]")
        @Nullable List<@Valid @Nullable EndDocument> ends,
    @Key(
            value =
                "The network that its ends get their addresses from, or a list of two: one of IPv4, "
                    + "one of IPv6.",
            example = "10.1.0.0/24",
            without = "one out of 10.64.0.0/10, the same every time",
            type = ValueType.SUBNET,
            single = true)
        @Nullable List<@Nullable InterfaceAddress> subnet) {

  /** A switch that says nothing. */
  public static final SwitchDocument EMPTY = new SwitchDocument(null, null);
}
