package dev.topology.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A guest image as the planner sees it.
 *
 * @param name as the topology names it
 * @param kernel absolute
 * @param initramfs absolute
 * @param cmdline the image's own kernel command line, after the planner's; may be empty
 * @param speaksControl whether its init holds the conversation over {@code topology.control}, and
 *     so says itself when it is ready
 * @param hasAgent whether its init also starts the agent of this version of topology, which listens
 *     for {@code services}
 */
public record GuestImage(
    String name,
    Path kernel,
    Optional<Path> initramfs,
    String cmdline,
    boolean speaksControl,
    boolean hasAgent) {}
