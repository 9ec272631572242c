/** Tests of the control socket: real sockets and real runs, whose QEMU is a script that waits. */
@NullMarked
package dev.topology.control;

import org.jspecify.annotations.NullMarked;
