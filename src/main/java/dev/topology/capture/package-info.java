/**
 * Frames written down as pcap, the file format of libpcap and Wireshark.
 *
 * <p>{@link dev.topology.capture.Recording} stands between who carries frames, and must not wait,
 * and a file or a reader, which may be slow or fail. {@link dev.topology.capture.QemuDump} reads
 * what QEMU writes down itself. Imports the JDK only.
 */
@NullMarked
package dev.topology.capture;

import org.jspecify.annotations.NullMarked;
