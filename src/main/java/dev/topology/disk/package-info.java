/**
 * The files of disks: which format one has, what its header says, and what is left to make for one
 * run. Of block devices: what else the host does with one. QEMU is always told the format, and
 * never looks for it itself.
 *
 * <p>Imports {@code model} only.
 */
@NullMarked
package dev.topology.disk;

import org.jspecify.annotations.NullMarked;
