/**
 * Writing initramfs archives: trees of files as newc cpio, and files laid over an initramfs that is
 * already there.
 *
 * <p>Imports the JDK and commons-compress only. The format is the kernel's: see
 * Documentation/driver-api/early-userspace/buffer-format.rst.
 */
@NullMarked
package dev.topology.image.initramfs;

import org.jspecify.annotations.NullMarked;
