package dev.topology.image;

import java.time.Duration;

/**
 * What a build came to.
 *
 * @param image the image, ready for use
 * @param modules how many kernel modules it loads
 * @param initramfsBytes the size of its initramfs
 * @param duration how long the build took
 */
public record BuildSummary(
    InstalledImage image, int modules, long initramfsBytes, Duration duration) {}
