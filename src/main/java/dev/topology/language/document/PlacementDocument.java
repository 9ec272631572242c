package dev.topology.language.document;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a topology is divided over several machines, as written. */
public record PlacementDocument(
    @Key(
            value = "The most machines that it is divided over.",
            example = "4",
            without = "as many as it takes")
        @Min(1)
        @Max(10_000)
        @Nullable Integer machines,
    @Key(
            value =
                "Lists of nodes and switches. Each list goes on one machine. `worker-*` stands for "
                    + "all copies of the node `worker`.",
            example = "[[router, firewall], [worker-*]]")
        @Nullable List<@Nullable List<@Nullable String>> together,
    @Key(
            value = "Lists of nodes and switches. No two of a list go on the same machine.",
            example = "[[primary, standby]]")
        @Nullable List<@Nullable List<@Nullable String>> apart) {

  /** A placement that says nothing. */
  public static final PlacementDocument EMPTY = new PlacementDocument(null, null, null);
}
