package dev.topology.load;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cable, as written in its long form, to which {@link CableForms} brings the short ones. */
// Null until judged, never null after: both annotations are true.
@SuppressWarnings("MultipleNullnessAnnotations")
record CableDocument(
    @Example("uplink") @Form(Syntax.CABLE_NAME) @Nullable String name,
    @Example("[left, right]") @NotNull @Size(min = 2, max = 2)
        @Nullable List<@Valid @Nullable EndDocument> ends,
    @Example("none") @Form(Syntax.NO_ADDRESS) @Nullable String address,
    @Example("uplink.pcap") @Form(Syntax.HOST_PATH) @Nullable String capture,
    @NotSupportedYet @Nullable Object delay,
    @NotSupportedYet @Nullable Object jitter,
    @NotSupportedYet @Nullable Object loss,
    @NotSupportedYet @Nullable Object duplicate,
    @NotSupportedYet @Nullable Object corrupt,
    @NotSupportedYet @Nullable Object reorder,
    @NotSupportedYet @Nullable Object rate,
    @Example("true") @NotSupportedYet @Nullable Boolean shaped) {

  /** A cable that says nothing but its ends. */
  static CableDocument between(EndDocument... ends) {
    return new CableDocument(
        null, List.of(ends), null, null, null, null, null, null, null, null, null, null);
  }
}
