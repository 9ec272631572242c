package dev.topology.model;

import java.nio.file.Path;

/**
 * A host file or directory that the guest finds at a path of its own.
 *
 * @param guestPath absolute, normalised
 * @param hostPath absolute; its mode is kept
 */
public record FileOverlay(String guestPath, Path hostPath) {}
