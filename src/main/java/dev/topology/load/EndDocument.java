package dev.topology.load;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One end of a cable, as written. */
// Null until judged, never null after: both annotations are true.
@SuppressWarnings("MultipleNullnessAnnotations")
record EndDocument(
    @Example("left") @NotNull @Nullable String node,
    @Example("eth1") @JsonProperty("interface") @Form(Syntax.INTERFACE_NAME)
        @Nullable String interfaceName,
    @Example("10.0.3.1/24") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable List<@Form(Syntax.CABLE_ADDRESS) @Nullable String> address,
    @Example("02:00:00:00:00:01") @Form(Syntax.MAC_ADDRESS) @Nullable String mac) {}
