package dev.topology.host;

import java.nio.file.Path;

/**
 * A QEMU that was found on this host and asked what it can do.
 *
 * @param path absolute, as it was found; symbolic links are not resolved
 * @param version what it says of itself
 * @param microvm whether it has the machine type {@code microvm}, without which nothing here runs
 * @param sandbox whether it was built with {@code -sandbox} (seccomp)
 */
public record Qemu(Path path, QemuVersion version, boolean microvm, boolean sandbox) {}
