package dev.topology.model;

import java.nio.file.Path;

/**
 * A directory of the host that a guest has at a place of its own, live.
 *
 * @param guestPath where the guest finds it; absolute, without detours
 * @param hostPath absolute
 * @param writable whether the guest may change what is in it
 */
public record SharedDirectory(String guestPath, Path hostPath, boolean writable) {}
