/**
 * QEMU's vocabulary as values: the options of its command line and the messages of its monitor, and
 * how each is written and read. Nothing here starts a QEMU or talks to one.
 *
 * <p>Imports {@code text} and {@code model}, {@code console} for the filter of what guests say, the
 * JDK, and Jackson's tree of JSON values: the QEMU Machine Protocol <em>is</em> JSON
 * (docs/interop/qmp-spec.txt), and Jackson is this project's JSON library. Its binding of JSON to
 * classes, and YAML, stay in {@code load}.
 */
@NullMarked
package dev.topology.plan.qemu;

import org.jspecify.annotations.NullMarked;
