/**
 * Writing read-only disks: trees of files as an EROFS file system.
 *
 * <p>Imports the JDK only. The format is the kernel's: see Documentation/filesystems/erofs.rst and
 * fs/erofs/erofs_fs.h.
 */
@NullMarked
package dev.topology.image.erofs;

import org.jspecify.annotations.NullMarked;
