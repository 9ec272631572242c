/**
 * Guest images: building them from this system's packages, and finding them again.
 *
 * <p>An image is a directory with a {@code kernel}, an {@code initramfs} and an {@code
 * image.properties}. {@link dev.topology.image.ImageStore} finds images, {@link
 * dev.topology.image.ImageBuilder} makes them with the distribution's own apt, without root.
 * Nothing here prints; progress goes to a {@link dev.topology.image.BuildListener}.
 *
 * <p>Imports the JDK, commons-compress, xz, {@code image.initramfs}, {@code image.erofs}, {@code
 * console}, {@code source}, {@code model} and {@code posix}.
 */
@NullMarked
package dev.topology.image;

import org.jspecify.annotations.NullMarked;
