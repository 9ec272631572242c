/**
 * The validated topology: nodes, their ports, files and commands, and the cables between them.
 *
 * <p>Everything here is an immutable value that has passed every check: names are resolved,
 * interfaces are numbered, MAC and IP addresses are settled, host paths are absolute. Nothing here
 * knows YAML, QEMU or the host. Imports {@code source} and the JDK only.
 */
@NullMarked
package dev.topology.model;

import org.jspecify.annotations.NullMarked;
