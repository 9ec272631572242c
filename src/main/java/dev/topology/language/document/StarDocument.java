package dev.topology.language.document;

import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pattern of cables that has one node in its middle, as written. */
// Null until judged, never null after: both annotations are true.
@SuppressWarnings("MultipleNullnessAnnotations")
public record StarDocument(
    @Key(value = "The node in the middle.", example = "a", required = true) @NotNull
        @Nullable String hub,
    @Key(
            value = "The nodes around it; `worker-*` stands for all copies of the node `worker`.",
            example = "[b, c]",
            distinct = true,
            required = true)
        @NotNull
        @Nullable List<@Nullable String> leaves) {}
