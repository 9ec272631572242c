package dev.topology.image.initramfs;

import java.nio.file.Path;

/**
 * A host file or directory that is to appear in a guest.
 *
 * @param guestPath where it appears, from the guest's root; directories that lead to it are made
 * @param hostPath what appears there; of a directory, all that is in it
 */
public record LaidFile(String guestPath, Path hostPath) {}
