package dev.topology.language.document;

import dev.topology.language.value.HostPath;
import dev.topology.language.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One of a node's {@code shares}: the directory of the host alone, or a map with these keys; absent
 * keys are null.
 */
public record SharedDirectoryDocument(
    @Key(
            value = "The directory of the host.",
            example = "./out",
            required = true,
            type = ValueType.HOST_PATH)
        @Nullable HostPath host,
    @Key(
            value =
                "Whether the guest may change what is in it. The host sees to it, not the guest.",
            example = "true",
            byDefault = "false")
        @Nullable Boolean write) {}
