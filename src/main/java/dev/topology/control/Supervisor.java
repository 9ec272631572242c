package dev.topology.control;

import java.nio.file.Path;
import java.time.Instant;

/**
 * The process that runs a topology.
 *
 * @param name of the running topology
 * @param pid of the process
 * @param since when it began to
 * @param file the topology's; absolute
 */
public record Supervisor(String name, long pid, Instant since, Path file) {}
