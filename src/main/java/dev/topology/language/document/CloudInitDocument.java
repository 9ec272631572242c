package dev.topology.language.document;

import dev.topology.language.value.HostPath;
import dev.topology.language.value.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key {@code cloud_init} of a node, as written. */
public record CloudInitDocument(
    @Key(
            value =
                "Files of the host with public keys, one a line: they let the system's first user, as "
                    + "its image has it, in by ssh.",
            example = "[~/.ssh/id_ed25519.pub]",
            type = ValueType.HOST_PATH)
        @Nullable List<@Nullable HostPath> sshKeys,
    @Key(
            value =
                "A file of the host with more, such as users, packages and commands: cloud-init's "
                    + "`user-data`, which goes before what the node says.",
            example = "user-data.yaml",
            type = ValueType.HOST_PATH)
        @Nullable HostPath userData) {}
